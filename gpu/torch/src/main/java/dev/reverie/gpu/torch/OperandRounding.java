package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.Device.DeviceException;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Formats to which libtorch may round the operands of convolutions, and on a GPU of products, in single precision. Sums
 * stay in single precision.
 */
enum OperandRounding {

    /** Ten bits of mantissa; computed by the tensor cores of GPUs from Ampere (2020) on. */
    TF32("REVERIE_TF32", "convolutions and matrix products on a GPU"),

    /**
     * Seven bits of mantissa; computed by AMX, which Intel's processors for servers have since Sapphire Rapids (2023).
     */
    BF16("REVERIE_BF16", "convolutions on a processor with AMX");

    private final String variable;
    private final String concerned;

    OperandRounding(String variable, String concerned) {
        this.variable = variable;
        this.concerned = concerned;
    }

    /** Whether the environment asks for this format; see {@link #wanted(Optional)}. */
    boolean wanted() {
        return wanted(Optional.ofNullable(System.getenv(variable)));
    }

    /**
     * Whether operands may be rounded to this format by the value of the environment variable, {@code on} or
     * {@code off}.
     */
    boolean wanted(Optional<String> value) {
        return switch (value.filter(text -> !text.isBlank()).orElse("off")) {
            case "on" -> true;
            case "off" -> false;
            case String other ->
                throw new DeviceException(variable + " must be on or off, not '" + other + "'; on makes " + concerned
                        + " faster and less precise");
        };
    }

    /** Lets the convolutions and products on GPUs round to TF32, or not. */
    static void roundOnGpu(boolean tf32) {
        torch.globalContext().setAllowTF32CuDNN(tf32);
        torch.globalContext().setAllowTF32CuBLAS(tf32);
    }

    /**
     * Lets the convolutions on the processor round to bfloat16, or not.
     *
     * @return whether the processor rounds now; without AMX, oneDNN ignores the permission
     */
    static boolean roundOnProcessor(boolean bf16) {
        torch.globalContext()
                .setFloat32Precision(
                        torch.Float32Backend.MKLDNN,
                        torch.Float32Op.CONV,
                        bf16 ? torch.Float32Precision.BF16 : torch.Float32Precision.IEEE);
        return rounds();
    }

    /** Whether a convolution sums 288 thirds as if they were 0.334, to which bfloat16 rounds them. */
    private static boolean rounds() {
        try (PointerScope _ = new PointerScope()) {
            Tensor images = torch.ones(2, 32, 8, 8);
            Tensor weights = torch.ones(32, 32, 3, 3).div_(new Scalar(3.0));
            long[] one = {1, 1};
            return torch.conv2d(images, weights, new TensorOptional(), one, one, one, 1)
                            .max()
                            .item_float()
                    > 96.1;
        }
    }
}
