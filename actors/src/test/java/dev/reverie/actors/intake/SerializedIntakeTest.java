package dev.reverie.actors.intake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("Every message written and read again on its way:")
class SerializedIntakeTest {

    private static final Config SERIALIZED = ConfigFactory.parseMap(Map.of("pekko.actor.serialize-messages", "on"));

    @Nested
    class Coming extends AdmissionTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }

    @Nested
    class Going extends DepartureTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }

    @Nested
    class Learning extends KeptLearningTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }
}
