package dev.reverie.streams.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.util.List;

/** Checks that a decoder decodes or refuses samples, within the memory that its limits imply. */
public final class SampleDecoding {

    public static final IngestLimits LIMITS = IngestLimits.defaults();

    /** Memory holds an image as rows, as packed pixels and as planes, each at most a few times. */
    private static final long COPIES = 8;

    private SampleDecoding() {}

    /** Decodes the samples of a delivery. */
    public interface Decoder {
        List<Sample> decode(byte[] content) throws SampleRefusedException;
    }

    /** Fails if the decoder returns no samples, throws another exception, or allocates too much. */
    public static void decodesOrRefuses(byte[] content, Decoder decoder) throws Exception {
        UntrustedInput.readOrRefused(
                () -> {
                    List<Sample> samples = decoder.decode(content);
                    assertThat(samples).isNotEmpty();
                    return samples;
                },
                SampleRefusedException.class,
                COPIES * LIMITS.decodedBytes(content.length));
    }
}
