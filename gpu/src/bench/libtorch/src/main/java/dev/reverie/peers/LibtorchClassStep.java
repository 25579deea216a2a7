package dev.reverie.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Implements the class step of {@code reverie bench step} with libtorch and double backpropagation. The libtorch used
 * here is newer and faster than Debian's PyTorch. The arguments are the shape as {@code C,H,W} and the number of repeats; the output
 * is JSON in the format of peer.py.
 */
public final class LibtorchClassStep {

    private static final int WIDTH = 128;
    private static final int STORED = 10;
    private static final int FACTOR = 2;
    private static final int REAL = 128;
    private static final int WARM_UP = 2;

    private final LibtorchNetwork network;
    private final Tensor real;
    private final Tensor stored;

    private LibtorchClassStep(int channels, int side) {
        this.network = new LibtorchNetwork(channels, side, WIDTH);
        this.real = torch.randn(REAL, channels, side, side);
        this.stored = torch.rand(STORED, channels, side, side).set_requires_grad(true);
    }

    public static void main(String[] arguments) {
        String shape = arguments.length > 0 ? arguments[0] : "1,28,28";
        int repeats = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        int[] sizes =
                Arrays.stream(shape.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        torch.set_num_threads(Runtime.getRuntime().availableProcessors());
        double[] millis = new LibtorchClassStep(sizes[0], sizes[1]).times(repeats);
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "{\"peer\":\"libtorch %s\",\"threads\":%d,\"shape\":[%s],\"width\":%d,\"ipc\":%d,\"factor\":%d,"
                        + "\"real\":%d,\"ms\":{\"min\":%.2f,\"median\":%.2f,\"max\":%.2f},\"repeats\":%d}%n",
                torch.class.getPackage().getImplementationVersion(),
                torch.get_num_threads(),
                shape,
                WIDTH,
                STORED,
                FACTOR,
                REAL,
                millis[0],
                (millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2,
                millis[millis.length - 1],
                repeats);
    }

    private double[] times(int repeats) {
        double[] millis = new double[repeats];
        for (int repeat = 0; repeat < WARM_UP + repeats; repeat++) {
            long start = System.nanoTime();
            try (PointerScope _ = new PointerScope()) {
                step();
            }
            if (repeat >= WARM_UP) {
                millis[repeat - WARM_UP] = (System.nanoTime() - start) / 1e6;
            }
        }
        return millis;
    }

    private void step() {
        List<Tensor> target = gradient(real, false).stream().map(Tensor::detach).toList();
        List<Tensor> own = gradient(decoded(), true);
        Tensor distance = torch.torch_zeros(1).sum();
        for (int layer = 0; layer < own.size(); layer++) {
            distance =
                    distance.add(target.get(layer).sub(own.get(layer)).square().sum());
        }
        torch.grad(new TensorVector(distance), new TensorVector(stored));
    }

    private List<Tensor> gradient(Tensor images, boolean keepGraph) {
        Tensor labels =
                torch.full(new long[] {images.size(0)}, new Scalar(0), new TensorOptions(torch.ScalarType.Long));
        Tensor loss = torch.cross_entropy_loss(network.logits(images), labels);
        TensorVector weights = new TensorVector(network.convolutions().toArray(Tensor[]::new));
        TensorVector gradients =
                torch.grad(new TensorVector(loss), weights, new TensorVector(), new BoolOptional(), keepGraph, false);
        return List.of(gradients.get());
    }

    private Tensor decoded() {
        long side = stored.size(2);
        long cell = side / FACTOR;
        Tensor[] cells = new Tensor[FACTOR * FACTOR];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = stored.narrow(2, i / FACTOR * cell, cell).narrow(3, i % FACTOR * cell, cell);
        }
        return torch.upsample_bilinear2d(torch.cat(new TensorVector(cells), 0), new long[] {side, side}, false);
    }
}
