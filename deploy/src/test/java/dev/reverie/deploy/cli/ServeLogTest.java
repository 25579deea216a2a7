package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log of serve")
class ServeLogTest {

    @Test
    @DisplayName("says how many small images a stored image has, unless it is one image")
    void mosaics() {
        assertThat(ServeCommand.described(footprint(2)))
                .contains(" bytes, each stored image has 4 small ones, a class takes ");
        assertThat(ServeCommand.described(footprint(1))).contains(" bytes, a class takes ");
    }

    private static Footprint footprint(int factor) {
        return new Footprint(
                12_288, factor, 7_618_560, 99, 2_100_000_000L, OptionalDouble.empty(), OptionalDouble.empty());
    }
}
