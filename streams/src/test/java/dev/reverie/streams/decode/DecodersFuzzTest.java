package dev.reverie.streams.decode;

import dev.reverie.gpu.dataset.ByteMutations;
import dev.reverie.gpu.dataset.ImageFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Mutates valid input and checks that every decoder decodes or refuses it quickly, within the memory that its limits
 * imply. CONTRIBUTING.md tells how to run more mutations.
 */
@Label("A sample decoder decodes or refuses any bytes")
class DecodersFuzzTest {

    private static final DeliveryDecoder DECODER = new DeliveryDecoder(SampleDecoding.LIMITS, DeliveryTerms.HTTP);

    private static final List<byte[]> PNGS = List.of(
            Pictures.greyPng(6, 5),
            Pictures.colourPng(6, 5),
            Pictures.withChunk(Pictures.greyPng(3, 3), "zTXt", new byte[20]));
    private static final List<byte[]> JPEGS =
            List.of(Pictures.jpeg(9, 8), Pictures.progressiveJpeg(9, 8), Pictures.jpeg(1, 1));
    private static final byte[] NPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("NPZ")
    void batches(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = random.nextBoolean()
                ? ByteMutations.of(
                        NpzBytes.greyImages(List.of("a", "bc"))
                                .texts("ids", List.of("1", "2"))
                                .toBytes(),
                        random)
                : new NpzBytes()
                        .entry("images.npy", ByteMutations.of(array("<f4", "(2, 2, 1)", 16), random))
                        .entry("labels.npy", ByteMutations.of(array("<U2", "(2,)", 16), random))
                        .entry("ids.npy", ByteMutations.of(array("<U1", "(2,)", 8), random))
                        .toBytes();
        SampleDecoding.decodesOrRefuses(content, DECODER::batch);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("PNG")
    void pngs(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] mutant = ByteMutations.of(oneOf(PNGS, random), random);
        byte[] content = random.nextInt(4) == 0 ? mutant : ByteMutations.withPngChecksums(mutant);
        SampleDecoding.decodesOrRefuses(content, bytes -> DECODER.image(ImageFormat.PNG, bytes, "a", Optional.empty()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("JPEG")
    void jpegs(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = ByteMutations.of(oneOf(JPEGS, random), random);
        SampleDecoding.decodesOrRefuses(
                content, bytes -> DECODER.image(ImageFormat.JPEG, bytes, "a", Optional.empty()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("JSON")
    void lines(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] picture = ByteMutations.withPngChecksums(ByteMutations.of(oneOf(PNGS, random), random));
        byte[] text = (Pictures.line("cat", oneOf(PNGS, random)) + Pictures.line("Tücher", picture))
                .getBytes(StandardCharsets.UTF_8);
        SampleDecoding.decodesOrRefuses(random.nextBoolean() ? text : ByteMutations.of(text, random), DECODER::lines);
    }

    private static byte[] oneOf(List<byte[]> seeds, SplittableRandom random) {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private static byte[] array(String type, String shape, int bytes) {
        byte[] header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
                .formatted(type, shape)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] length = {(byte) header.length, 0};
        return Pictures.joined(Pictures.joined(NPY, length), Pictures.joined(header, new byte[bytes]));
    }
}
