package dev.reverie.gpu.evaluate;

/** Default values of an evaluation, from which the generated builder starts: one ConvNet, tested after its training. */
final class EvaluationDefaults {

    public static final EvaluationNetwork NETWORK = EvaluationNetwork.CONVNET;
    public static final int REPEATS = 1;
    public static final int CHECKPOINTS = 1;

    private EvaluationDefaults() {}
}
