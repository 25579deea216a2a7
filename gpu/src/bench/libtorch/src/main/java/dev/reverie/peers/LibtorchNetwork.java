package dev.reverie.peers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The ConvNet of peer.py. */
final class LibtorchNetwork {

    private static final int CLASSES = 10;
    private static final double EPSILON = 1e-5;
    private static final long[] ONE = {1, 1};
    private static final long[] TWO = {2, 2};
    private static final long[] NONE = {0, 0};

    private final int channels;
    private final int width;
    private final int depth;
    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> scales = new ArrayList<>();
    private final List<Tensor> shifts = new ArrayList<>();
    private final Tensor classifier;
    private final Tensor bias;

    /**
     * Creates a network with random weights.
     *
     * @param side height and width of the images
     */
    LibtorchNetwork(int channels, int side, int width) {
        this.channels = channels;
        this.width = width;
        this.depth = (int) Math.round(Math.log(side / 4.0) / Math.log(2));
        int extent = side;
        for (int block = 0; block < depth; block++) {
            int in = block == 0 ? channels : width;
            weights.add(uniform(in * 9, width, in, 3, 3).set_requires_grad(true));
            scales.add(torch.torch_ones(width).set_requires_grad(true));
            shifts.add(torch.torch_zeros(width).set_requires_grad(true));
            extent = (extent + 2 * padding(block) - 2) / 2;
        }
        int features = width * extent * extent;
        this.classifier = uniform(features, CLASSES, features).set_requires_grad(true);
        this.bias = torch.torch_zeros(CLASSES).set_requires_grad(true);
    }

    private static Tensor uniform(int fanIn, long... shape) {
        return torch.randn(shape).mul(new org.bytedeco.pytorch.Scalar(1 / Math.sqrt(3.0 * fanIn)));
    }

    private int padding(int block) {
        return block == 0 && channels == 1 ? 3 : 1;
    }

    /** The weights whose gradients are matched. */
    List<Tensor> convolutions() {
        return weights;
    }

    Tensor logits(Tensor images) {
        return torch.linear(embedding(images), classifier, new TensorOptional(bias));
    }

    Tensor embedding(Tensor images) {
        Tensor x = images;
        for (int block = 0; block < depth; block++) {
            long[] padding = {padding(block), padding(block)};
            Tensor z = torch.conv2d(x, weights.get(block), new TensorOptional(), ONE, padding, ONE, 1);
            Tensor normalised = torch.group_norm(
                    z,
                    width,
                    new TensorOptional(scales.get(block)),
                    new TensorOptional(shifts.get(block)),
                    EPSILON,
                    true);
            x = torch.avg_pool2d(torch.relu(normalised), TWO, TWO, NONE, false, true, new LongOptional());
        }
        return x.flatten(1, -1);
    }
}
