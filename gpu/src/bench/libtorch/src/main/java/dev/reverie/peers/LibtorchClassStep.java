package dev.reverie.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Implements the class step of {@code reverie bench step} with libtorch: that of DREAM with double backpropagation, or,
 * if there is a second argument, the factor, that of DM with an augmentation. The libtorch used here is newer and faster
 * than Debian's PyTorch. The first argument is the shape as {@code C,H,W}; the output is JSON in the format of peer.py.
 */
public final class LibtorchClassStep {

    private static final int STORED = 10;
    private static final int WARM_UP = 2;

    private final Setup setup;
    private final LibtorchNetwork network;
    private final Tensor real;
    private final Tensor stored;

    private record Setup(boolean dm, int channels, int side, int width, int factor, int real, int repeats) {

        static Setup of(String[] arguments) {
            String shape = arguments.length > 0 ? arguments[0] : "1,28,28";
            int[] sizes = Arrays.stream(shape.split(",", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            return arguments.length > 1
                    ? new Setup(true, sizes[0], sizes[1], 64, Integer.parseInt(arguments[1]), 64, 30)
                    : new Setup(false, sizes[0], sizes[1], 128, 2, 128, 10);
        }

        LibtorchNetwork network() {
            return new LibtorchNetwork(channels, side, width);
        }
    }

    private LibtorchClassStep(Setup setup) {
        this.setup = setup;
        this.network = setup.network();
        this.real = torch.randn(setup.real(), setup.channels(), setup.side(), setup.side());
        this.stored = torch.rand(STORED, setup.channels(), setup.side(), setup.side())
                .set_requires_grad(true);
    }

    public static void main(String[] arguments) {
        Setup setup = Setup.of(arguments);
        torch.set_num_threads(Runtime.getRuntime().availableProcessors());
        double[] millis = new LibtorchClassStep(setup).times();
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "{\"peer\":\"libtorch %s, %s\",\"threads\":%d,"
                        + "\"ms\":{\"min\":%.2f,\"median\":%.2f,\"max\":%.2f},\"repeats\":%d}%n",
                torch.class.getPackage().getImplementationVersion(),
                setup,
                torch.get_num_threads(),
                millis[0],
                (millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2,
                millis[millis.length - 1],
                millis.length);
    }

    private double[] times() {
        double[] millis = new double[setup.repeats()];
        for (int repeat = 0; repeat < WARM_UP + millis.length; repeat++) {
            long start = System.nanoTime();
            try (PointerScope _ = new PointerScope()) {
                Tensor distance = setup.dm() ? featureDistance(setup.network(), view()) : gradientDistance();
                torch.grad(new TensorVector(distance), new TensorVector(stored));
            }
            if (repeat >= WARM_UP) {
                millis[repeat - WARM_UP] = (System.nanoTime() - start) / 1e6;
            }
        }
        return millis;
    }

    private Tensor featureDistance(LibtorchNetwork drawn, UnaryOperator<Tensor> view) {
        Tensor target = drawn.embedding(view.apply(real)).mean(0).detach();
        return drawn.embedding(view.apply(decoded())).mean(0).sub(target).square().sum();
    }

    /** Draws an augmentation of all images of a step, as peer.py does. */
    private UnaryOperator<Tensor> view() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        Scalar brightness = new Scalar(random.nextDouble() - 0.5);
        Scalar saturation = new Scalar(2 * random.nextDouble());
        Scalar contrast = new Scalar(random.nextDouble() + 0.5);
        long most = setup.side() / 8;
        long top = random.nextLong(2 * most + 1);
        long left = random.nextLong(2 * most + 1);
        return images -> {
            Tensor bright = images.add(brightness);
            Tensor grey = bright.mean(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
            Tensor coloured = bright.sub(grey).mul(saturation).add(grey);
            Tensor mean = coloured.mean(new long[] {1, 2, 3}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
            Tensor clear = coloured.sub(mean).mul(contrast).add(mean);
            return torch.constant_pad_nd(clear, most, most, most, most)
                    .narrow(2, top, setup.side())
                    .narrow(3, left, setup.side());
        };
    }

    private Tensor gradientDistance() {
        List<Tensor> target = gradient(real, false).stream().map(Tensor::detach).toList();
        List<Tensor> own = gradient(decoded(), true);
        Tensor distance = torch.torch_zeros(1).sum();
        for (int layer = 0; layer < own.size(); layer++) {
            distance =
                    distance.add(target.get(layer).sub(own.get(layer)).square().sum());
        }
        return distance;
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
        int factor = setup.factor();
        long cell = side / factor;
        Tensor[] cells = new Tensor[factor * factor];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = stored.narrow(2, i / factor * cell, cell).narrow(3, i % factor * cell, cell);
        }
        return torch.upsample_bilinear2d(torch.cat(new TensorVector(cells), 0), new long[] {side, side}, false);
    }
}
