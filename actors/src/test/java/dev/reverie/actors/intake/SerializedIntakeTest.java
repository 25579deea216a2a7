package dev.reverie.actors.intake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The intake, every message written and read again on its way")
class SerializedIntakeTest extends IntakeTest {

    @Override
    Config configuration() {
        return ConfigFactory.parseMap(Map.of("pekko.actor.serialize-messages", "on"));
    }
}
