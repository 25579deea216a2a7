package dev.reverie.gpu.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.foreign.ForeignNetwork;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network in an ONNX file with a single input of images, {@code [n, channels, height, width]} or, as TensorFlow has
 * it, {@code [n, height, width, channels]}.
 */
final class OnnxNetwork implements ForeignNetwork {

    private static final int AXES = 4;
    private static final Set<Long> CHANNELS = Set.of(1L, 3L);

    private final Path file;
    private final OrtSession session;
    private final String inputName;
    private final Input input;
    private final boolean channelsLast;

    private OnnxNetwork(Path file, OrtSession session) throws OrtException {
        this.file = file;
        this.session = session;
        if (session.getNumInputs() != 1) {
            throw new IllegalArgumentException(
                    "it has the inputs " + String.join(", ", session.getInputNames()) + ", not only one for images");
        }
        NodeInfo node = session.getInputInfo().values().iterator().next();
        this.inputName = node.getName();
        long[] shape = imageShape(node);
        this.channelsLast = !CHANNELS.contains(shape[1]) && CHANNELS.contains(shape[AXES - 1]);
        this.input = channelsLast ? input(shape[0], shape[3], shape[1], shape[2]) : input(shape);
    }

    /** Opens a session, which computes with as many threads as there are cores. */
    static OnnxNetwork open(Path file) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
            OrtSession session = environment.createSession(file.toString(), options);
            try {
                return new OnnxNetwork(file, session);
            } catch (OrtException | RuntimeException | Error failure) {
                session.close();
                throw failure;
            }
        }
    }

    private static long[] imageShape(NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo tensor)
                || tensor.getShape().length != AXES
                || tensor.type != OnnxJavaType.FLOAT) {
            throw new IllegalArgumentException(
                    "its input '" + node.getName() + "' takes no images of floats, but " + node.getInfo());
        }
        return tensor.getShape();
    }

    private static Input input(long... shape) {
        int[] known = Arrays.stream(shape)
                .mapToInt(length -> length < 0 ? 0 : Math.toIntExact(length))
                .toArray();
        return new Input(known[0], known[1], known[2], known[3]);
    }

    @Override
    public Input input() {
        return input;
    }

    @Override
    public List<String> outputs() {
        return List.copyOf(session.getOutputNames());
    }

    @Override
    public Map<String, String> metadata() {
        try {
            return Map.copyOf(session.getMetadata().getCustomMetadata());
        } catch (OrtException e) {
            throw new DatasetException(file + " has no readable metadata: " + e.getMessage(), e);
        }
    }

    @Override
    public double[][] run(String output, float[] images, int count, int height, int width) {
        int channels = images.length / count / height / width;
        long[] shape = channelsLast
                ? new long[] {count, height, width, channels}
                : new long[] {count, channels, height, width};
        FloatBuffer values = FloatBuffer.wrap(channelsLast ? lastAxis(images, count, channels) : images);
        try (OnnxTensor batch = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, shape);
                OrtSession.Result result = session.run(Map.of(inputName, batch), Set.of(output))) {
            return rows((OnnxTensor) result.get(0), count);
        } catch (OrtException e) {
            throw new DatasetException(
                    file + " could not be computed for images of " + width + "x" + height + " pixels: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Moves the channels of each image from the first axis to the last one. */
    private static float[] lastAxis(float[] images, int count, int channels) {
        int plane = images.length / count / channels;
        float[] moved = new float[images.length];
        for (int i = 0; i < images.length; i++) {
            int image = i / (plane * channels);
            int channel = i / plane % channels;
            moved[image * plane * channels + i % plane * channels + channel] = images[i];
        }
        return moved;
    }

    /** Takes the mean over the height and the width, if there are any. */
    private double[][] rows(OnnxTensor tensor, int count) {
        long[] shape = tensor.getInfo().getShape();
        float[] values = new float[tensor.getFloatBuffer().remaining()];
        tensor.getFloatBuffer().get(values);
        int each = values.length / count;
        int length = shape.length == AXES ? Math.toIntExact(channelsLast ? shape[AXES - 1] : shape[1]) : each;
        double[][] rows = new double[count][length];
        int places = each / length;
        for (int i = 0; i < values.length; i++) {
            int within = i % each;
            int at = channelsLast ? within % length : within / places;
            rows[i / each][at] += (double) values[i] / places;
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the network could not be closed", e);
        }
    }
}
