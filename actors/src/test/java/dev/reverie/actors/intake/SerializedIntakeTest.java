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
    class Coming extends DeliveryTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }

    @Nested
    class Going extends ClassRemovalTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }

    @Nested
    class Learning extends SavedLearningTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }
}
