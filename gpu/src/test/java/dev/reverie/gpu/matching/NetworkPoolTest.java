package dev.reverie.gpu.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A pool of matching networks")
class NetworkPoolTest {

    private static final ImageShape SHAPE = new ImageShape(1, 12, 12);
    private static final int CLASSES = 3;

    private static NetworkPool pool(int networks, NetworkVariation variation) {
        DistillationSettings quick = Presets.quick("mnist", SHAPE, Method.DANCE, 2, 1, 5);
        return new NetworkPool(
                quick.withNetwork(
                        quick.network().withWidth(4).withPool(networks).withVariation(variation)),
                SHAPE,
                Device.kernels());
    }

    private static NetworkId outer(int outer) {
        return new NetworkId(outer, CLASSES);
    }

    private static List<Integer> outers(NetworkPool pool) {
        return pool.states().stream().map(state -> state.network().outer()).toList();
    }

    private static float first(Network network) {
        return network.parameters().convolution(0).toFloats()[0];
    }

    @Test
    @DisplayName("keeps the networks of the latest outer iterations, up to its capacity")
    void holdsTheLast() {
        try (NetworkPool pool = pool(2, NetworkVariation.NONE)) {
            pool.newest(outer(0));
            pool.newest(outer(1));
            pool.newest(outer(4));

            assertThat(outers(pool)).containsExactly(1, 4);
        }
    }

    @Test
    @DisplayName("never returns an older network to a caller that is late")
    void doesNotGoBack() {
        try (NetworkPool pool = pool(1, NetworkVariation.NONE)) {
            Network newest = pool.newest(outer(3));

            assertThat(pool.newest(outer(2))).isSameAs(newest);
        }
    }

    @Test
    @DisplayName("draws every network eventually, and the same one for the same seed")
    void drawsAll() {
        try (NetworkPool pool = pool(3, NetworkVariation.NONE)) {
            IntStream.range(0, 3).forEach(outer -> pool.newest(outer(outer)));

            Set<Float> drawn = IntStream.range(0, 50)
                    .mapToObj(seed -> first(pool.any(outer(2), seed)))
                    .collect(Collectors.toSet());

            assertThat(drawn).hasSize(3);
            assertThat(pool.any(outer(2), 7)).isSameAs(pool.any(outer(2), 7));
        }
    }

    @Test
    @DisplayName("resizes the output layer of a network when it is drawn, and keeps all other parameters")
    void growsWhatIsDrawn() {
        try (NetworkPool pool = pool(2, NetworkVariation.BLENDED)) {
            pool.newest(outer(0));
            pool.newest(outer(1));
            List<NetworkState> before = pool.states();

            IntStream.range(0, 30).forEach(seed -> assertThat(pool.any(new NetworkId(1, CLASSES + 1), seed)
                            .architecture()
                            .classes())
                    .isEqualTo(CLASSES + 1));

            assertThat(outers(pool)).containsExactly(0, 1);
            assertThat(pool.states().getFirst().parameters().getFirst())
                    .isEqualTo(before.getFirst().parameters().getFirst());
        }
    }

    @Test
    @DisplayName("adopts the parameters, momentum and accuracy of a network that another engine has trained")
    void adopts() {
        try (NetworkPool trained = pool(2, NetworkVariation.NONE);
                NetworkPool other = pool(2, NetworkVariation.NONE)) {
            Network network = trained.any(outer(1), 3);
            network.parameters().convolution(0).fill(0.25);
            network.velocities().convolution(0).fill(0.5);
            trained.trained(network, 0.75);

            other.adopt(other.any(outer(1), 3), trained.state(network));

            assertThat(other.states()).usingRecursiveComparison().isEqualTo(trained.states());
            assertThat(other.accuracy(other.any(outer(1), 3))).isEqualTo(0.75);
        }
    }

    @Test
    @DisplayName("continues with the same networks and draws after it was restored")
    void restores() {
        try (NetworkPool original = pool(2, NetworkVariation.BLENDED);
                NetworkPool restored = pool(2, NetworkVariation.BLENDED)) {
            original.newest(outer(0));
            original.newest(outer(1)).parameters().convolution(0).fill(0.25);

            restored.restore(original.states());

            for (long seed = 0; seed < 10; seed++) {
                assertThat(restored.varied(outer(1), seed)
                                .parameters()
                                .convolution(0)
                                .toFloats())
                        .isEqualTo(original.varied(outer(1), seed)
                                .parameters()
                                .convolution(0)
                                .toFloats());
            }
        }
    }

    @Test
    @DisplayName("continues with the same networks after it was restored, even if they had grown")
    void restoresGrownNetworks() {
        try (NetworkPool original = pool(1, NetworkVariation.BLENDED);
                NetworkPool restored = pool(1, NetworkVariation.BLENDED)) {
            NetworkId grown = new NetworkId(0, CLASSES + 1);
            original.newest(outer(0));
            original.newest(grown);

            restored.restore(original.states());

            for (long seed = 0; seed < 10; seed++) {
                assertThat(parameters(restored.varied(grown, seed)))
                        .usingRecursiveFieldByFieldElementComparator()
                        .containsExactlyElementsOf(parameters(original.varied(grown, seed)));
            }
        }
    }

    private static List<float[]> parameters(Network network) {
        return network.parameters().tensors().stream().map(Tensor::toFloats).toList();
    }

    @Nested
    @DisplayName("with a queue")
    class Queued {

        @Test
        @DisplayName("uses the networks as they are")
        void variesNothing() {
            try (NetworkPool pool = pool(2, NetworkVariation.QUEUED)) {
                pool.newest(outer(0));
                pool.newest(outer(1));

                assertThat(pool.varied(outer(1), 7)).isSameAs(pool.any(outer(1), 7));
            }
        }

        @Test
        @DisplayName("knows the accuracy of each network, which is kept when networks grow or are restored")
        void knowsTheAccuracy() {
            try (NetworkPool pool = pool(2, NetworkVariation.QUEUED);
                    NetworkPool restored = pool(2, NetworkVariation.QUEUED)) {
                Network old = pool.newest(outer(0));

                pool.trained(old, 0.75);

                assertThat(pool.accuracy(pool.newest(outer(1)))).isZero();
                assertThat(pool.accuracy(old)).isEqualTo(0.75);
                restored.restore(pool.states());
                assertThat(restored.states().stream().map(NetworkState::accuracy))
                        .containsExactly(0.75, 0.0);
                IntStream.range(0, 30).forEach(seed -> restored.any(new NetworkId(1, CLASSES + 1), seed));
                assertThat(restored.states().stream().map(NetworkState::accuracy))
                        .containsExactly(0.75, 0.0);
            }
        }
    }

    @Nested
    class Blended {

        @Test
        @DisplayName("lies between the initial and the current network, in varying proportions")
        void liesBetween() {
            try (NetworkPool pool = pool(1, NetworkVariation.BLENDED)) {
                Network network = pool.newest(outer(0));
                float initial = first(network);
                float trained = initial + 1;
                network.parameters().convolution(0).fill(trained);

                List<Float> seen = IntStream.range(0, 20)
                        .mapToObj(seed -> first(pool.varied(outer(0), seed)))
                        .toList();

                assertThat(seen).allMatch(weight -> weight >= initial && weight <= trained);
                assertThat(Set.copyOf(seen)).hasSizeGreaterThan(10);
            }
        }

        @Test
        @DisplayName("leaves the network itself unchanged")
        void changesNothing() {
            try (NetworkPool pool = pool(1, NetworkVariation.BLENDED)) {
                Network network = pool.newest(outer(0));
                network.parameters().convolution(0).fill(0.5);

                pool.varied(outer(0), 1);

                assertThat(first(network)).isEqualTo(0.5f);
            }
        }
    }

    @Test
    @DisplayName("redraws all weights for each step, equally for equal seeds, and leaves the network unchanged")
    void redraws() {
        try (NetworkPool pool = pool(1, NetworkVariation.REDRAWN)) {
            float before = first(pool.newest(outer(0)));

            List<Float> seen = IntStream.range(0, 20)
                    .mapToObj(seed -> first(pool.varied(outer(0), seed)))
                    .toList();

            assertThat(seen).doesNotHaveDuplicates().doesNotContain(before);
            assertThat(first(pool.varied(outer(0), 7))).isEqualTo(seen.get(7));
            assertThat(first(pool.newest(outer(0)))).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("perturbs weights by a fraction of their norm, and leaves biases and normalisations unchanged")
    void perturbs() {
        try (NetworkPool pool = pool(1, NetworkVariation.PERTURBED)) {
            Network network = pool.newest(outer(0));
            List<float[]> before = parameters(network);

            for (long seed = 0; seed < 20; seed++) {
                List<Tensor> moved = pool.varied(outer(0), seed).parameters().tensors();
                for (int i = 0; i < before.size(); i++) {
                    double way = way(before.get(i), moved.get(i).toFloats());
                    boolean weight = moved.get(i).rank() > 1 && moved.get(i).dimension(0) > 1; // a bias has one row
                    if (weight) {
                        // two directions, next to perpendicular, of 1 to 9 % each
                        assertThat(way).isBetween(0.001, 0.19);
                    } else {
                        assertThat(way).isZero();
                    }
                }
            }
            assertThat(parameters(network))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactlyElementsOf(before);
            assertThat(first(pool.varied(outer(0), 1))).isNotEqualTo(first(pool.varied(outer(0), 2)));
        }
    }

    /** Returns the norm of the difference, relative to the norm of the first. */
    private static double way(float[] from, float[] to) {
        double squares = 0;
        double length = 0;
        for (int i = 0; i < from.length; i++) {
            squares += Math.pow(to[i] - from[i], 2);
            length += Math.pow(from[i], 2);
        }
        return Math.sqrt(squares / Math.max(length, Double.MIN_NORMAL));
    }
}
