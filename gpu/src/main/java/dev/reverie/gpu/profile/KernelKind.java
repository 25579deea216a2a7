package dev.reverie.gpu.profile;

/** A primitive of {@link dev.reverie.gpu.tensor.Kernels}. */
enum KernelKind {
    CONVOLVE("convolve"),
    ADJOINT_WEIGHTS("adjointWeights"),
    WEIGHT_GRADIENT("weightGradient"),
    CONVOLUTION_GRADIENTS("convolutionGradients"),
    TAIL("tail"),
    TAIL_GRADIENT("tailGradient"),
    TAIL_TANGENT("tailTangent"),
    TAIL_GRADIENT_TANGENT("tailGradientTangent"),
    MULTIPLY("multiply"),
    ADD("add"),
    DESCEND("descend");

    private final String label;

    KernelKind(String label) {
        this.label = label;
    }

    /** The name of its method. */
    String label() {
        return label;
    }
}
