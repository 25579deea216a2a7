package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.ByteMutations;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.DecoderStress;
import dev.reverie.gpu.dataset.archive.Archives;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

@Label("No file whatever brings a reader of datasets down")
class PublishedFuzzTest {

    private static final byte[] CIFAR = Archives.tar(CifarFixture.hundredPickled());
    private static final byte[] TINY = Archives.zip(TinyImageNetFixture.files());
    private static final byte[] RECORDS = CifarFixture.records(1, 0, 1, 2);

    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("fuzz");
    }

    @AfterContainer
    static void removeFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF, tries = 300)
    @Label("CIFAR's archive, packed again after its tar was mutated, or mutated itself")
    void tars(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = random.nextInt(4) == 0
                ? ByteMutations.of(Archives.gzipped(CIFAR), random)
                : Archives.gzipped(ByteMutations.of(mutatedHeader(random), random));
        Path file = folder.resolve("cifar-100-python.tar.gz");
        CifarFixture.write(file, content);

        DecoderStress.readsOrRefuses(() -> CifarDataset.CIFAR_100.load(file), DatasetException.class);
    }

    /** One mutation is in the first headers, because most bytes of a tar are pixels. */
    private static byte[] mutatedHeader(SplittableRandom random) {
        byte[] tar = CIFAR.clone();
        tar[random.nextInt(512)] = (byte) random.nextInt();
        return random.nextBoolean() ? tar : CIFAR;
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF, tries = 1000)
    @Label("records of CIFAR")
    void records(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] mutation = ByteMutations.of(RECORDS, random);

        DecoderStress.readsOrRefuses(
                () -> new CifarRecords(1).images(new ByteArrayInputStream(mutation), "file", 10, 10),
                DatasetException.class);
    }

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF, tries = 200)
    @Label("Tiny-ImageNet's zip, and its lists")
    void zips(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Path file = folder.resolve("tiny-imagenet-200.zip");
        CifarFixture.write(file, random.nextBoolean() ? ByteMutations.of(TINY, random) : withMutatedList(random));

        DecoderStress.readsOrRefuses(() -> new TinyImageNet(1L << 30).load(file), DatasetException.class);
    }

    private static byte[] withMutatedList(SplittableRandom random) {
        Map<String, byte[]> files = TinyImageNetFixture.files();
        String[] lists = {"wnids.txt", "words.txt", "val/val_annotations.txt"};
        files.computeIfPresent(
                "tiny-imagenet-200/" + lists[random.nextInt(lists.length)],
                (_, content) -> ByteMutations.of(content, random));
        return Archives.zip(files);
    }
}
