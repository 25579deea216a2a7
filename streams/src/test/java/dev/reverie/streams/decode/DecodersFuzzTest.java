package dev.reverie.streams.decode;

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
 * Whatever comes in, a decoder decodes it or refuses it, soon, and without taking more memory than its limits imply. A
 * hundred thousand mutants of sound inputs, for four decoders alike; for more of them, see CONTRIBUTING.md.
 */
@Label("No bytes whatever bring a decoder down")
class DecodersFuzzTest {

    private static final SampleDecoder DECODER = new SampleDecoder(DecoderStress.LIMITS, "the body");

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
        DeliveryMutations mutation = new DeliveryMutations(random);
        byte[] content = random.nextBoolean()
                ? mutation.of(NpzBytes.greyImages(List.of("a", "bc"))
                        .texts("ids", List.of("1", "2"))
                        .toBytes())
                : new NpzBytes()
                        .entry("images.npy", mutation.of(array("<f4", "(2, 2, 1)", 16)))
                        .entry("labels.npy", mutation.of(array("<U2", "(2,)", 16)))
                        .entry("ids.npy", mutation.of(array("<U1", "(2,)", 8)))
                        .toBytes();
        DecoderStress.decodesOrRefuses(content, DECODER::batch);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("PNG")
    void pngs(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] mutant = new DeliveryMutations(random).of(oneOf(PNGS, random));
        byte[] content = random.nextInt(4) == 0 ? mutant : DeliveryMutations.withChecksums(mutant);
        DecoderStress.decodesOrRefuses(content, bytes -> DECODER.image(ImageFormat.PNG, bytes, "a", Optional.empty()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("JPEG")
    void jpegs(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = new DeliveryMutations(random).of(oneOf(JPEGS, random));
        DecoderStress.decodesOrRefuses(content, bytes -> DECODER.image(ImageFormat.JPEG, bytes, "a", Optional.empty()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("JSON")
    void lines(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DeliveryMutations mutation = new DeliveryMutations(random);
        byte[] picture = DeliveryMutations.withChecksums(mutation.of(oneOf(PNGS, random)));
        byte[] text = (Pictures.line("cat", oneOf(PNGS, random)) + Pictures.line("Tücher", picture))
                .getBytes(StandardCharsets.UTF_8);
        DecoderStress.decodesOrRefuses(random.nextBoolean() ? text : mutation.of(text), DECODER::lines);
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
