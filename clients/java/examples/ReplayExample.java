import dev.reverie.client.BatchRequest;
import dev.reverie.client.ClassPhase;
import dev.reverie.client.ImageShape;
import dev.reverie.client.LocalMemory;
import dev.reverie.client.MemoryImages;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A continual learner: a linear classifier that sees four classes of bars in two tasks, first the classes 0 and 1, then
 * 2 and 3. Alone, it forgets the first task. With a memory, it also trains on a batch that it draws from the memory.
 *
 * <p>Needs a service with an empty store; deletes its classes from the service at the end. The argument is the address
 * of the service.
 */
final class ReplayExample {

    private static final ImageShape SHAPE = new ImageShape(1, 8, 8);
    private static final int CLASSES = 4;
    private static final int CLASSES_PER_TASK = 2;
    private static final int BATCH = 32;
    private static final int STEPS = 100;
    private static final int TEST_IMAGES = 1000;
    private static final float RATE = 0.2f;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SplittableRandom random = new SplittableRandom(7);
    private final float[][] weights = new float[CLASSES][SHAPE.size() + 1];

    public static void main(String... arguments) throws IOException {
        String address = arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080";
        print("no memory", new ReplayExample().learnAlone());
        try (ReverieClient client =
                ReverieClient.builder(address).patience(PATIENCE).build()) {
            client.waitReady(PATIENCE);
            print("Reverie", new ReplayExample().learnWith(client));
            for (int label = 0; label < CLASSES; label++) {
                client.forget(Integer.toString(label));
            }
        }
    }

    private static void print(String memory, double accuracy) {
        System.out.printf(Locale.ROOT, "%-10s %5.1f %%%n", memory, 100 * accuracy);
    }

    private double learnAlone() {
        for (int first = 0; first < CLASSES; first += CLASSES_PER_TASK) {
            for (int step = 0; step < STEPS; step++) {
                long[] labels = labels(first, CLASSES_PER_TASK, BATCH);
                train(values(pixels(labels)), labels);
            }
        }
        return accuracy();
    }

    private double learnWith(ReverieClient client) throws IOException {
        try (LocalMemory memory = client.local(Duration.ofSeconds(1))) {
            for (int first = 0; first < CLASSES; first += CLASSES_PER_TASK) {
                for (int step = 0; step < STEPS; step++) {
                    long[] labels = labels(first, CLASSES_PER_TASK, BATCH);
                    byte[] pixels = pixels(labels);
                    client.deliver(Samples.of(SHAPE, pixels, labels));
                    train(values(pixels), labels);
                    if (first > 0) {
                        MemoryImages batch =
                                memory.sample(BatchRequest.of(BATCH).from("0", "1"));
                        train(batch.values(), batch.labels());
                    }
                }
                for (int label = first; label < first + CLASSES_PER_TASK; label++) {
                    client.waitUntil(Integer.toString(label), ClassPhase.DISTILLING, PATIENCE);
                }
                memory.refresh();
            }
        }
        return accuracy();
    }

    private long[] labels(int first, int classes, int count) {
        return random.longs(count, first, first + classes).toArray();
    }

    /** Returns images with noise and a bright row or column; the class says which. */
    private byte[] pixels(long[] labels) {
        byte[] pixels = new byte[labels.length * SHAPE.size()];
        for (int at = 0; at < pixels.length; at++) {
            long label = labels[at / SHAPE.size()];
            int line = label % 2 == 0 ? at / SHAPE.width() % SHAPE.height() : at % SHAPE.width();
            int bright = label < CLASSES_PER_TASK ? 2 : 5;
            pixels[at] = (byte) (random.nextInt(100) + (line == bright ? 100 : 0));
        }
        return pixels;
    }

    private static float[] values(byte[] pixels) {
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i] & 0xff) / 255f;
        }
        return values;
    }

    /** One step of gradient descent on the cross entropy. */
    private void train(float[] values, long[] labels) {
        for (int image = 0; image < labels.length; image++) {
            double[] shares = shares(values, image);
            for (int k = 0; k < CLASSES; k++) {
                float slope = (float) (RATE * (shares[k] - (labels[image] == k ? 1 : 0)));
                for (int i = 0; i < SHAPE.size(); i++) {
                    weights[k][i] -= slope * (values[image * SHAPE.size() + i] - 0.5f);
                }
                weights[k][SHAPE.size()] -= slope;
            }
        }
    }

    /** Returns the probability of each class. */
    private double[] shares(float[] values, int image) {
        double[] shares = new double[CLASSES];
        double sum = 0;
        for (int k = 0; k < CLASSES; k++) {
            double logit = weights[k][SHAPE.size()];
            for (int i = 0; i < SHAPE.size(); i++) {
                logit += weights[k][i] * (values[image * SHAPE.size() + i] - 0.5f);
            }
            shares[k] = Math.exp(Math.min(logit, 500));
            sum += shares[k];
        }
        for (int k = 0; k < CLASSES; k++) {
            shares[k] /= sum;
        }
        return shares;
    }

    /** Returns the share of new images of all classes that are classified correctly. */
    private double accuracy() {
        long[] labels = labels(0, CLASSES, TEST_IMAGES);
        float[] values = values(pixels(labels));
        int correct = 0;
        for (int image = 0; image < TEST_IMAGES; image++) {
            double[] shares = shares(values, image);
            int best = 0;
            for (int k = 1; k < CLASSES; k++) {
                best = shares[k] > shares[best] ? k : best;
            }
            correct += best == labels[image] ? 1 : 0;
        }
        return (double) correct / TEST_IMAGES;
    }
}
