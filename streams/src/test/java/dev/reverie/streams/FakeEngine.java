package dev.reverie.streams;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.RandomSelection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Pulls synthetic images towards the mean of the real batch. Everything it computes depends on its network, its task
 * and the task's draw to the last bit, so a run that gets any of them wrong ends elsewhere. One weight per class.
 */
final class FakeEngine implements DistillationEngine {

    private final RunFixture fixture;
    private Optional<NetworkState> held = Optional.empty();

    FakeEngine(RunFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        fixture.begin("match " + task.output() + " on " + named(task.network()) + " with "
                + task.real().size());
        float[] mean = mean(task.real());
        float[] values = task.synthetic().toArray();
        float pull = 1 + weights(task.network())[task.output()] + noise(task.seed());
        double loss = 0;
        for (int i = 0; i < values.length; i++) {
            float distance = values[i] - mean[i % mean.length];
            loss += distance * distance;
            values[i] = pull * distance;
        }
        ImageBatch gradient = ImageBatch.of(task.synthetic().shape(), values);
        return new MatchOutcome(fixture.spoils() ? Double.NaN : loss, List.of(loss), gradient);
    }

    @Override
    public void beforeEachStep(Runnable check) {} // a training has no steps here

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        fixture.begin("train " + named(task.network()) + " on "
                + task.batches().stream()
                        .map(batch -> Integer.toString(batch.size()))
                        .toList());
        fixture.shown(task.batches().stream()
                .flatMap(List::stream)
                .map(LabelledImage::image)
                .toList());
        float[] weights = weights(task.network());
        float[] velocity = held.orElseThrow().velocities().getFirst();
        for (List<LabelledImage> batch : task.batches()) {
            for (LabelledImage sample : batch) {
                float gradient = mean(List.of(sample.image()))[0] + noise(task.seed()) - weights[sample.label()];
                velocity[sample.label()] = 0.5f * velocity[sample.label()] + gradient;
                weights[sample.label()] += 0.01f * velocity[sample.label()];
            }
        }
        held = Optional.of(new NetworkState(task.network(), List.of(weights), List.of(velocity)));
        return new TrainMatchingNetworkOutcome(1 + Math.abs(weights[0]));
    }

    @Override
    public JointOutcome matchJointly(JointTask task) {
        throw new AssertionError("these runs have no student");
    }

    @Override
    public void guide(GuidanceTask task) {
        throw new AssertionError("these runs have no experts");
    }

    @Override
    public NetworkState network(NetworkId id) {
        weights(id);
        return held.orElseThrow();
    }

    @Override
    public TrainedNetwork trainCopy(TrainMatchingNetworkTask task) {
        NetworkState state = network(task.network());
        NetworkState before = new NetworkState(state.network(), state.parameters(), state.velocities());
        TrainMatchingNetworkOutcome outcome = train(task);
        TrainedNetwork trained = new TrainedNetwork(outcome.loss(), held.orElseThrow());
        held = Optional.of(before);
        return trained;
    }

    @Override
    public void adopt(TrainMatchingNetworkTask task, NetworkState trained) {
        held = Optional.of(trained);
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        fixture.begin("select " + task.count() + " of " + task.candidates().size() + " by " + task.selection() + " on "
                + named(task.network()));
        long draw = task.seed() + Float.floatToIntBits(weights(task.network())[0]);
        return new SelectOutcome(
                RandomSelection.of(task.candidates().size(), task.count(), draw), Double.NaN, OptionalDouble.empty());
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        throw new AssertionError("no method of these tests asks for it");
    }

    @Override
    public List<NetworkState> networks() {
        return held.stream().toList();
    }

    @Override
    public void restore(List<NetworkState> states) {
        if (states.isEmpty()) {
            fixture.begin("discard the networks");
        }
        states.forEach(state -> fixture.begin("restore " + named(state.network())));
        held = states.stream().reduce((_, last) -> last);
    }

    @Override
    public void close() {
        fixture.closed();
    }

    private float[] weights(NetworkId network) {
        NetworkState state = held.filter(known -> known.network().outer() == network.outer())
                .orElseGet(() -> new NetworkState(
                        new NetworkId(network.outer(), 0), List.of(new float[0]), List.of(new float[0])));
        int known = state.network().classes();
        float[] weights = Arrays.copyOf(state.parameters().getFirst(), network.classes());
        for (int label = known; label < weights.length; label++) {
            weights[label] = noise(Seeds.of(0, Seeds.Purpose.NETWORK, network.outer(), network.classes(), label));
        }
        float[] velocity = Arrays.copyOf(state.velocities().getFirst(), network.classes());
        held = Optional.of(new NetworkState(network, List.of(weights), List.of(velocity)));
        return weights;
    }

    private static float noise(long draw) {
        return 0.1f * Seeds.generator(draw).nextFloat();
    }

    private static float[] mean(List<Image> images) {
        float[] mean = new float[images.getFirst().shape().size()];
        for (Image image : images) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += image.level(i) / 255f / images.size();
            }
        }
        return mean;
    }

    private static String named(NetworkId network) {
        return "network " + network.outer() + "/" + network.classes();
    }
}
