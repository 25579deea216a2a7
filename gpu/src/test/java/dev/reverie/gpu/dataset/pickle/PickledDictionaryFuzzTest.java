package dev.reverie.gpu.dataset.pickle;

import dev.reverie.gpu.dataset.ByteMutations;
import dev.reverie.gpu.dataset.DecoderStress;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

@Label("No bytes whatever bring the reader of pickles down")
class PickledDictionaryFuzzTest {

    private static final List<byte[]> SOUND = List.of(
            PythonTwo.batch("labels", List.of(1, 2, 300), new byte[30]),
            PythonTwo.meta("label_names", List.of("cat", "dog")),
            "(dp0\nS'a\\x41'\np1\n(lp2\nI7\nag2\naL8L\nasVb\\u0041\np3\ng1\ns.".getBytes(StandardCharsets.US_ASCII));

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("mutations of sound ones")
    void mutations(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] mutation = ByteMutations.of(SOUND.get(random.nextInt(SOUND.size())), random);
        DecoderStress.readsOrRefuses(
                () -> PickledDictionary.read(new ByteArrayInputStream(mutation)), PickleException.class);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("opcodes at random")
    void noise(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String opcodes = "(]}lt)aeusq\0h\0KUN012.Rb\u0085\u0086\u0087\u0094";
        byte[] noise = new byte[1 + random.nextInt(60)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) opcodes.charAt(random.nextInt(opcodes.length()));
        }
        DecoderStress.readsOrRefuses(
                () -> PickledDictionary.read(new ByteArrayInputStream(noise)), PickleException.class);
    }
}
