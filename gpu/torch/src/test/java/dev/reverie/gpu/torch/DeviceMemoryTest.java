package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.method.TrajectorySettingsBuilder;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.gpu.tensor.BatchLimit;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.torch.SmallDeviceKernels.Pass;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.util.DoubleComparator;
import org.assertj.core.util.FloatComparator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An engine on a device whose memory does not suffice for a batch")
class DeviceMemoryTest {

    private static final ImageShape SHAPE = new ImageShape(1, 12, 12);
    private static final NetworkId NETWORK = new NetworkId(0, 2);

    /** Size of each batch; the limit becomes 20, then 16. */
    private static final int BATCH = 40;

    private static final int FIRST_LIMIT = 64;
    private static final int HALVINGS = 2;

    private static final double EXACT = 0;
    private static final double TOLERANCE = 1e-4;

    private final Random random = new Random(8);
    private final List<Image> images = IntStream.range(0, BATCH)
            .mapToObj(_ -> SmallTasks.image(SHAPE, random))
            .toList();
    private final List<LabelledImage> labelled = IntStream.range(0, BATCH)
            .mapToObj(i -> new LabelledImage(images.get(i), i % 2))
            .toList();
    private final ImageBatch memory = ImageBatch.of(SHAPE, SmallTasks.values(BATCH * SHAPE.size(), random));

    @BeforeAll
    static void open() {
        new TorchEngine().open();
    }

    @ParameterizedTest
    @CsvSource({
        "DREAM,FORWARD",
        "DREAM,BACKWARD",
        "DREAM,TANGENT",
        "DM,FORWARD",
        "DM,BACKWARD",
        "DANCE,FORWARD",
        "DANCE,BACKWARD"
    })
    @DisplayName("matches as with smaller batches from the start, whichever pass fails")
    void matches(Method method, Pass pass) {
        equalsSmallBatches(
                pass,
                settings(method, Optional.empty()),
                engine -> engine.match(new MatchTask(NETWORK, 1, images, memory, 7)));
    }

    @ParameterizedTest
    @CsvSource({"true,FORWARD", "true,BACKWARD", "true,TANGENT", "false,FORWARD", "false,TANGENT"})
    @DisplayName("rolls a student out, and matches its trajectory, as with smaller batches from the start")
    void rollsOut(boolean unrolled, Pass pass) {
        List<float[]> start = parameters();
        List<float[]> target = parameters();
        // the steps of the student, which need no tangents, are not repeated, and have larger batches
        double tolerance = pass == Pass.TANGENT ? TOLERANCE : EXACT;
        equalsSmallBatches(pass, settings(Method.MTT, Optional.of(rollout(unrolled))), tolerance, engine -> {
            var outcome = engine.matchJointly(
                    new FollowExpert(NETWORK, Collections.nCopies(2, memory), start, target, 0.05, 7));
            return List.of(outcome, engine.match(new MatchTask(NETWORK, 1, images, memory, 7)));
        });
    }

    @ParameterizedTest
    @CsvSource({"FORWARD", "BACKWARD"})
    @DisplayName("performs each training step once, as with smaller batches from the start")
    void trains(Pass pass) {
        equalsSmallBatches(pass, settings(Method.DREAM, Optional.empty()), engine -> {
            var outcome = engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(labelled, labelled), 7));
            return List.of(outcome, engine.network(NETWORK));
        });
    }

    @Test
    @DisplayName("selects and classifies images as with smaller batches from the start")
    void embeds() {
        equalsSmallBatches(
                Pass.FORWARD,
                settings(Method.DREAM, Optional.empty()),
                engine -> List.of(
                        engine.select(new SelectTask(NETWORK, SelectionRule.K_MEANS, images, 8, 7)),
                        engine.classify(new ClassifyTask(NETWORK, memory))));
    }

    @Test
    @DisplayName("refuses a batch that does not fit at the smallest limit, and keeps the network as it was")
    void refuses() {
        SmallDeviceKernels kernels = new SmallDeviceKernels(Pass.BACKWARD, 8, FIRST_LIMIT);
        try (MatchingEngine engine = engine(kernels, settings(Method.DREAM, Optional.empty()))) {
            NetworkState before = engine.network(NETWORK);

            assertThatThrownBy(() -> engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(labelled), 7)))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("does not suffice for a batch of 14 images")
                    .hasRootCauseMessage(SmallDeviceKernels.REPORT);
            assertThat(engine.network(NETWORK)).usingRecursiveComparison().isEqualTo(before);
            assertThat(kernels.batchLimit().samples()).isEqualTo(BatchLimit.SMALLEST);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SmallDeviceKernels.REPORT,
                "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
                "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"
            })
    @DisplayName("knows what libtorch reports if the memory of a GPU is full")
    void recognises(String report) {
        assertThat(kernels().isFull(new RuntimeException(report))).isTrue();
    }

    @Test
    @DisplayName("takes no other failure for a lack of the device's memory")
    void recognisesNothingElse() {
        assertThat(List.of(
                        new RuntimeException("CUDA error: an illegal memory access was encountered"),
                        new RuntimeException(
                                "DefaultCPUAllocator: cannot allocate memory: you tried to allocate 8 bytes"),
                        new RuntimeException("mat1 and mat2 shapes cannot be multiplied\nframe #0: out of memory"),
                        new RuntimeException(),
                        new DatasetException("out of memory.png is empty"),
                        new OutOfMemoryError("CUDA out of memory")))
                .noneMatch(kernels()::isFull);
    }

    private static TorchDeviceKernels kernels() {
        return new TorchDeviceKernels(Precision.SINGLE, TorchMemory.ofDevice("cpu"));
    }

    /** A task of an engine. */
    @FunctionalInterface
    private interface Work {
        Object on(MatchingEngine engine);
    }

    private static void equalsSmallBatches(Pass pass, DistillationSettings settings, Work work) {
        equalsSmallBatches(pass, settings, EXACT, work);
    }

    private static void equalsSmallBatches(Pass pass, DistillationSettings settings, double tolerance, Work work) {
        SmallDeviceKernels full = new SmallDeviceKernels(pass, BatchLimit.SMALLEST, FIRST_LIMIT);
        SmallDeviceKernels small = new SmallDeviceKernels(pass, BatchLimit.SMALLEST, BatchLimit.SMALLEST);

        Object actual = done(full, settings, work);
        Object expected = done(small, settings, work);

        assertThat(actual)
                .usingRecursiveComparison()
                .withComparatorForType(new DoubleComparator(tolerance), Double.class)
                .withComparatorForType(new FloatComparator((float) tolerance), Float.class)
                .isEqualTo(expected);
        assertThat(full.batchLimit().samples()).isEqualTo(BatchLimit.SMALLEST);
        assertThat(full.batchLimit().halvings()).isEqualTo(HALVINGS);
        assertThat(small.batchLimit().halvings()).isZero();
    }

    private static Object done(SmallDeviceKernels kernels, DistillationSettings settings, Work work) {
        try (MatchingEngine engine = engine(kernels, settings)) {
            return work.on(engine);
        }
    }

    private static MatchingEngine engine(SmallDeviceKernels kernels, DistillationSettings settings) {
        return MatchingEngine.on(kernels, 2, settings, SHAPE, new Normalisation(List.of(0.4), List.of(0.3)));
    }

    /** The parameters of a network that has been trained for a step. */
    private List<float[]> parameters() {
        SmallDeviceKernels kernels = new SmallDeviceKernels(Pass.FORWARD, BATCH, FIRST_LIMIT);
        try (MatchingEngine engine = engine(kernels, settings(Method.DREAM, Optional.empty()))) {
            engine.train(new TrainMatchingNetworkTask(NETWORK, List.of(labelled), random.nextLong()));
            return engine.network(NETWORK).parameters();
        }
    }

    private static DistillationSettings settings(Method method, Optional<TrajectorySettings> trajectory) {
        MatchingSettings matching =
                SmallTasks.matching(GradientDistance.MSE).withCalibration(method == Method.DANCE ? 0.5 : 0);
        return SmallTasks.settings(method, 4, matching)
                .ipc(BATCH)
                .factor(1)
                .trajectory(trajectory)
                .build();
    }

    private static TrajectorySettings rollout(boolean unrolled) {
        return TrajectorySettingsBuilder.builder()
                .epochs(1)
                .epochSamples(8)
                .starts(1)
                .span(1)
                .steps(2)
                .batch(2 * BATCH)
                .rate(0.05)
                .rateStep(0)
                .unrolled(unrolled)
                .build();
    }
}
