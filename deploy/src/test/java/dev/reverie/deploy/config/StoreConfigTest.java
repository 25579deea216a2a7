package dev.reverie.deploy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.Flush;
import dev.reverie.actors.store.PostgresPerClass;
import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.StoreException;
import dev.reverie.gpu.method.FactorRule;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The store of a configuration")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StoreConfigTest {

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    @Test
    @DisplayName(
            "lets a process that uses it alone fix the factor that images choose, but no node of a cluster, since other"
                    + " nodes would let them choose")
    void nodesFixNoFactor() {
        assertThat(factor(true, OptionalInt.empty())).isEmpty();

        assertThatThrownBy(() -> factor(true, OptionalInt.of(3)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("set reverie.learning.factor to auto and reverie.learning.method to dm");
        assertThat(factor(false, OptionalInt.of(3))).hasValue(3);
        assertThat(factor(true, OptionalInt.empty())).hasValue(3);
    }

    /** Opens the store, closes it, and returns the factor that it had. */
    private static OptionalInt factor(boolean shared, OptionalInt configured) {
        StoreConfig.Postgres server =
                new StoreConfig.Postgres(POSTGRES.url(), PostgresServer.USER, new StoreConfig.Secret(""));
        StoreConfig.Opened opened = new StoreConfig(Path.of("unused"), Flush.ALWAYS, Optional.of(server))
                .open(shared, configured, FactorRule.FEW_BYTES, Optional.empty());
        opened.store().close();
        return opened.factor().fixed();
    }
}
