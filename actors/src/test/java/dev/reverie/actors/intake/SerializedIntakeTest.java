package dev.reverie.actors.intake;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

@DisplayName("With every message serialised:")
class SerializedIntakeTest {

    private static final Config SERIALIZED = ConfigFactory.parseMap(Map.of("pekko.actor.serialize-messages", "on"));

    @Nested
    class Deliveries extends DeliveryTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }

    @Nested
    class Removals extends ClassRemovalTest {
        @Override
        Config configuration() {
            return SERIALIZED;
        }
    }

    @Nested
    class Items extends DeliveredItemsTest {
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
