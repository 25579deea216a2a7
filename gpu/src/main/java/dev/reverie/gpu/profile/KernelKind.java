package dev.reverie.gpu.profile;

/** The primitives of {@link dev.reverie.gpu.tensor.Kernels}. */
enum KernelKind {
    CONVOLVE("convolve"),
    ADJOINT_WEIGHTS("adjointWeights"),
    WEIGHT_GRADIENT("weightGradient"),
    CONVOLUTION_GRADIENTS("convolutionGradients"),
    NORM_RELU_POOL("normReluPool"),
    NORM_RELU_POOL_GRADIENT("normReluPoolGradient"),
    NORM_RELU_POOL_TANGENT("normReluPoolTangent"),
    NORM_RELU_POOL_GRADIENT_TANGENT("normReluPoolGradientTangent"),
    NORMALISE("normalise"),
    NORMALISE_GRADIENT("normaliseGradient"),
    ADD_AND_RECTIFY("addAndRectify"),
    RECTIFY_GRADIENT("rectifyGradient"),
    AVERAGE_POOL("averagePool"),
    AVERAGE_POOL_GRADIENT("averagePoolGradient"),
    GRAM("gram"),
    GRAM_GRADIENT("addGramGradient"),
    MOMENTS_GRADIENT("addMomentsGradient"),
    MULTIPLY("multiply"),
    ADD("add"),
    DESCEND("descend");

    private final String label;

    KernelKind(String label) {
        this.label = label;
    }

    /** The name of the kernel's method. */
    String label() {
        return label;
    }
}
