package dev.reverie.streams.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Sample;
import dev.reverie.gpu.dataset.DecoderStress;
import java.util.List;

/** Checks that a sample decoder either decodes or refuses its input, quickly and in bounded memory. */
public final class SampleDecoding {

    public static final IngestLimits LIMITS = IngestLimits.defaults();

    /** Memory holds an image as rows, as packed pixels and as planes, each at most a few times. */
    private static final long COPIES = 8;

    private SampleDecoding() {}

    /** Decodes the samples of a delivery. */
    public interface Decoder {
        List<Sample> decode(byte[] content) throws SampleRefusedException;
    }

    /** Fails if the decoder returns no samples, throws another exception, hangs, or allocates too much. */
    public static void decodesOrRefuses(byte[] content, Decoder decoder) {
        DecoderStress.readsOrRefuses(
                () -> assertThat(decoder.decode(content)).isNotEmpty(),
                SampleRefusedException.class,
                COPIES * LIMITS.decodedBytes(content.length));
    }
}
