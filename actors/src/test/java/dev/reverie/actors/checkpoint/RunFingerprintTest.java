package dev.reverie.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.reverie.actors.Samples;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.GuidanceSettingsBuilder;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.ScheduleSettings;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.method.TrajectorySettingsBuilder;
import dev.reverie.gpu.objective.MatchingObjective;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The configuration of a run")
class RunFingerprintTest {

    private final Dataset dataset = dataset(Samples.images(4, 0));
    private final DistillationSettings settings = Samples.settings(Method.DREAM);
    private final RunFingerprint configuration = RunFingerprint.of(dataset, settings);

    @Test
    @DisplayName("is the same for equal images and settings")
    void equalRuns() {
        RunFingerprint again = RunFingerprint.of(dataset(Samples.images(4, 0)), Samples.settings(Method.DREAM));

        assertThat(configuration.differenceFrom(again)).isEmpty();
    }

    @Test
    @DisplayName("names the architectures of the networks, unless all are ConvNets as in existing checkpoints")
    void architectures() {
        DistillationSettings other = settings.withComposition(
                        settings.composition().with(MatchingObjective.FEATURES))
                .withNetwork(settings.network()
                        .withArchitectures(List.of(MatchingArchitecture.CONVNET, MatchingArchitecture.RESNET_10)));

        RunFingerprint there = RunFingerprint.of(dataset, other);

        assertThat(there.entries()).contains(entry("architectures", "convnet, resnet-10"));
        assertThat(there.differenceFrom(configuration))
                .hasValue("architectures: convnet, resnet-10 there, nothing here");
    }

    @Test
    @DisplayName("has the same text as in existing checkpoints, which could not be resumed otherwise")
    void keepsEntries() {
        assertThat(configuration.entries())
                .hasSize(20)
                .containsKey("checksum of the training images")
                .contains(
                        entry("dataset", "tiny"),
                        entry("classes", "only"),
                        entry("training images", "4 of 1x4x4"),
                        entry("normalisation", "Normalisation[mean=[0.5], std=[0.25]]"),
                        entry("method", "dream"),
                        entry("objective", "gradients"),
                        entry("selection of representatives", "Optional[K_MEANS]"),
                        entry("start", "K_MEANS"),
                        entry("ipc", "2"),
                        entry("factor", "1"),
                        entry(
                                "network",
                                "Network[width=4, depth=2, learningRate=0.01, momentum=0.9, weightDecay=0.0,"
                                        + " augmentation=color, mixProbability=0.0, pool=1, variation=NONE]"),
                        entry(
                                "matching",
                                "Matching[distance=MSE, learningRate=0.1, momentum=0.5, augmentation=color,"
                                        + " maxDecoded=128, averaging=0.0, calibration=0.0, decoding=SINGLE]"),
                        entry("representatives", "Representatives[count=3, interval=2, candidates=5, perCentroid=1]"),
                        entry("inner loops", "3"),
                        entry("network samples", "8"),
                        entry("network batch", "4"),
                        entry("selection samples", "6"),
                        entry("warm-up samples", "0"),
                        entry("seed", "7"));
        assertThat(RunFingerprint.of(dataset, following()).entries())
                .containsEntry(
                        "trajectory",
                        "Trajectory[epochs=2, epochSamples=4, starts=1, span=1, steps=5, batch=3, rate=0.02,"
                                + " rateStep=0.001, unrolled=false]");
        assertThat(RunFingerprint.of(dataset, guided(1, 0.5)).entries())
                .containsEntry("guidance", "Guidance[epochs=3, epochSamples=4, ahead=1, decay=0.5]");
    }

    @Test
    @DisplayName("has one candidate for mtt, as in existing checkpoints, unless a network chooses the initial images")
    void keepsCandidates() {
        DistillationSettings random = Presets.quick(dataset.name(), Samples.SHAPE, Method.MTT, 2, 1, 7);
        DistillationSettings chosen =
                random.withComposition(random.composition().with(Initialiser.K_MEANS));

        assertThat(RunFingerprint.of(dataset, random).entries())
                .containsEntry("representatives", "Representatives[count=1, interval=10, candidates=1, perCentroid=1]");
        assertThat(RunFingerprint.of(dataset, chosen).entries())
                .containsEntry(
                        "representatives",
                        "Representatives[count=1, interval=10, candidates=2147483647, perCentroid=1]");
    }

    @Test
    @DisplayName("leaves the number of outer iterations open")
    void outerIterationsMayDiffer() {
        RunFingerprint longer = RunFingerprint.of(
                dataset,
                scheduled(ScheduleSettingsBuilder.builder()
                        .outerIterations(99)
                        .innerLoops(3)
                        .networkSamples(8)
                        .networkBatch(4)
                        .selectionSamples(6)
                        .build()));

        assertThat(configuration.differenceFrom(longer)).isEmpty();
    }

    @Test
    @DisplayName("tells apart runs with another number of inner loops or another method")
    void settingsDiffer() {
        assertThat(configuration.differenceFrom(RunFingerprint.of(
                        dataset,
                        scheduled(ScheduleSettingsBuilder.builder()
                                .outerIterations(2)
                                .innerLoops(4)
                                .networkSamples(8)
                                .networkBatch(4)
                                .selectionSamples(6)
                                .build()))))
                .hasValue("inner loops: 3 there, 4 here");
        assertThat(configuration.differenceFrom(RunFingerprint.of(dataset, Samples.settings(Method.IDC))))
                .hasValue("method: dream there, idc here");
    }

    @Test
    @DisplayName(
            "tells apart runs whose images step jointly, are clamped differently, or whose networks learn differently")
    void stepsDiffer() {
        RunFingerprint joint =
                RunFingerprint.of(dataset, scheduled(settings.schedule().withJointStep(true)));
        RunFingerprint clamped =
                RunFingerprint.of(dataset, scheduled(settings.schedule().withClampEveryLoop(true)));
        RunFingerprint slower =
                RunFingerprint.of(dataset, scheduled(settings.schedule().withWarmUpDecay(true)));

        assertThat(configuration.differenceFrom(joint))
                .hasValue("step of the images: nothing there, all classes jointly here");
        assertThat(clamped.differenceFrom(configuration))
                .hasValue("clamping of the images: in every inner loop there, nothing here");
        assertThat(configuration.differenceFrom(slower))
                .hasValue("learning rate of a new network: nothing there, drops here");
    }

    @Test
    @DisplayName("tells apart runs with other stages of their experts, and experts that learn at another rate")
    void expertsDiffer() {
        DistillationSettings near = guided(1, 0.5);
        DistillationSettings far = guided(2, 0.5);
        DistillationSettings faster = guided(1, 1);

        assertThat(RunFingerprint.of(dataset, near).differenceFrom(RunFingerprint.of(dataset, far)))
                .hasValue("guidance: ahead: 1 there, 2 here");
        assertThat(expert(near).differenceFrom(expert(far))).isEmpty();
        assertThat(expert(near).differenceFrom(expert(faster)))
                .hasValue("learning rate after each epoch: times 0.5 there, nothing here");
        assertThat(expert(near)
                        .differenceFrom(expert(near.withSchedule(near.schedule().withWarmUpDecay(true)))))
                .hasValue("learning rate of a new network: nothing there, drops here");
    }

    @Test
    @DisplayName("names the first setting that differs, in words")
    void namesTheSetting() {
        DistillationSettings faster =
                settings.withNetwork(settings.network().withLearningRate(0.5).withPool(3));

        assertThat(configuration.differenceFrom(RunFingerprint.of(dataset, faster)))
                .hasValue("network: learning rate: 0.01 there, 0.5 here");
    }

    @Test
    @DisplayName("tells apart runs with other style terms, and names them only if they have a weight")
    void styleDiffers() {
        DistillationSettings dm = Samples.settings(Method.DM);
        RunFingerprint plain = RunFingerprint.of(dataset, dm);

        assertThat(plain.entries()).doesNotContainKey("style");
        assertThat(plain.differenceFrom(RunFingerprint.of(dataset, dm.withStyle(new StyleWeights(180, 0)))))
                .hasValue("style: nothing there, moments 180.0, correlations 0.0 here");
    }

    @Test
    @DisplayName("tells apart runs with a queue of networks and with a pool of as many")
    void queueDiffers() {
        DistillationSettings pool = settings.withNetwork(settings.network().withPool(3));
        DistillationSettings queue = pool.withNetwork(pool.network().withVariation(NetworkVariation.QUEUED));

        assertThat(RunFingerprint.of(dataset, pool).differenceFrom(RunFingerprint.of(dataset, queue)))
                .hasValue("network: variation: none there, queued here");
    }

    @Test
    @DisplayName("names other representatives in words")
    void representativesDiffer() {
        RunFingerprint dream = RunFingerprint.of(dataset, Samples.settings(Method.DREAM));
        RunFingerprint random = new RunFingerprint(Stream.concat(
                        dream.entries().entrySet().stream(),
                        Stream.of(Map.entry("selection of representatives", "Optional[RANDOM]")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (old, other) -> other)));

        assertThat(dream.differenceFrom(random)).hasValue("selection of representatives: k-means there, random here");
    }

    @Test
    @DisplayName("shows names of classes as they are, even if they look like settings")
    void showsNamesOfClasses() {
        RunFingerprint there = new RunFingerprint(Map.of("classes", "Cat[a=1]"));
        RunFingerprint here = new RunFingerprint(Map.of("classes", "Cat[a=2]"));

        assertThat(there.differenceFrom(here)).hasValue("classes: Cat[a=1] there, Cat[a=2] here");
    }

    private DistillationSettings following() {
        return settings.with()
                .method(Method.MTT)
                .trajectory(Optional.of(TrajectorySettingsBuilder.builder()
                        .epochs(2)
                        .epochSamples(4)
                        .starts(1)
                        .span(1)
                        .steps(5)
                        .batch(3)
                        .rate(0.02)
                        .rateStep(0.001)
                        .build()))
                .build();
    }

    private DistillationSettings guided(int ahead, double decay) {
        return settings.with()
                .method(Method.TGDD)
                .guidance(Optional.of(GuidanceSettingsBuilder.builder()
                        .epochs(3)
                        .epochSamples(4)
                        .ahead(ahead)
                        .decay(decay)
                        .build()))
                .build();
    }

    private RunFingerprint expert(DistillationSettings of) {
        return RunFingerprint.ofExpert(dataset, of, of.experts().orElseThrow());
    }

    private DistillationSettings scheduled(ScheduleSettings schedule) {
        return settings.withSchedule(schedule);
    }

    private static Dataset dataset(List<Image> images) {
        return new Dataset(
                "tiny",
                Samples.SHAPE,
                List.of("only"),
                new Normalisation(List.of(0.5), List.of(0.25)),
                images.stream().map(image -> new LabelledImage(image, 0)).toList(),
                List.of());
    }
}
