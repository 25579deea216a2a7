package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Tiny-ImageNet")
class TinyImageNetTest {

    private static final long ENOUGH = 1L << 30;

    private final Map<String, byte[]> files = TinyImageNetFixture.files();

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("is read from its folder, from the parent folder, and from the published zip")
    void readsFolderAndZip() {
        CifarFixture.unpack(files, folder.resolve("a"));
        CifarFixture.write(folder.resolve("b/tiny-imagenet-200.zip"), Archives.zip(files));

        assertIsTheFixture(load(folder.resolve("a")));
        assertIsTheFixture(load(folder.resolve("a/tiny-imagenet-200")));
        assertIsTheFixture(load(folder.resolve("b")));
        assertIsTheFixture(load(folder.resolve("b/tiny-imagenet-200.zip")));
    }

    private static void assertIsTheFixture(Dataset dataset) {
        assertThat(dataset.name()).isEqualTo("tiny-imagenet");
        assertThat(dataset.shape()).isEqualTo(new ImageShape(3, 64, 64));
        assertThat(dataset.classNames())
                .as("the first word, or all where two classes share it")
                .containsExactly("goldfish", "crane, a bird", "crane, a machine");
        assertThat(dataset.normalisation())
                .isEqualTo(new Normalisation(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)));
        assertThat(dataset.train()).extracting(LabelledImage::label).containsExactly(0, 0, 1, 2);
        assertThat(dataset.test()).extracting(LabelledImage::label).containsExactly(2, 0);
        assertThat(dataset.train())
                .allSatisfy(sample ->
                        assertThat(sample.image().shape()).as("grey ones, too").isEqualTo(new ImageShape(3, 64, 64)));
        assertThat(dataset.train().getFirst().image().level(0)).isBetween(195, 205);
        assertThat(dataset.train().get(2).image().level(2 * 4096)).isBetween(85, 95);
    }

    @Test
    @DisplayName("is reported as missing, with advice on how to get it")
    void refusesNothing() {
        assertRefused("tiny-imagenet-200.zip (or its folder) of tiny-imagenet is not in " + folder);

        folder = folder.resolve("photos.zip");
        CifarFixture.write(folder, Archives.zip(files));
        assertRefused("tiny-imagenet-200.zip (or its folder) of tiny-imagenet is not in " + folder);
    }

    @Test
    @DisplayName("is refused before decoding if the heap is too small")
    void refusesSmallHeaps() {
        CifarFixture.unpack(files, folder);

        assertThatThrownBy(() -> new TinyImageNet(90_000).load(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessage("tiny-imagenet needs 0 MiB of the heap of 0 MiB, which leaves too little memory: start"
                        + " with REVERIE_JAVA_OPTS=-Xmx4g");
    }

    @Test
    @DisplayName("is refused with images of another size, or damaged images")
    void refusesOtherPictures() {
        String path = "tiny-imagenet-200/train/n01443537/images/n01443537_1.JPEG";
        byte[] sound = Optional.ofNullable(files.get(path)).orElseThrow();
        replace(path, TinyImageNetFixture.jpeg(32, 200, false));
        assertRefused("n01443537_1.JPEG has shape 3x32x32 instead of 3x64x64");

        replace(path, TinyImageNetFixture.jpeg(65, 200, false));
        assertRefused("n01443537_1.JPEG has 65x65 pixels, more than the 4096 allowed");

        replace(path, Arrays.copyOf(sound, sound.length - 12));
        assertRefused("n01443537_1.JPEG cannot be decoded: it is damaged");
    }

    @Test
    @DisplayName("is refused when its lists do not match its images")
    void refusesBadLists() {
        replace("tiny-imagenet-200/wnids.txt", "n01443537\nn01443537\n");
        assertRefused("wnids.txt is damaged: it lists 2 classes instead of 1 to 1000 different ones");

        replace("tiny-imagenet-200/wnids.txt", "../../etc\n");
        assertRefused("wnids.txt is damaged: it lists a class that is not a WordNet id");

        replace("tiny-imagenet-200/wnids.txt", "n01443537\nn02012849\nn03126707\nn99999999\n");
        assertRefused("words.txt is damaged: it has no name for the class n99999999");

        replace("tiny-imagenet-200/words.txt", "n01443537\ta\nn02012849\tb\nn03126707\tc\nn99999999\td\n");
        assertRefused("n99999999/images has no images, so tiny-imagenet is incomplete");
    }

    @Test
    @DisplayName("is refused when a validation image has no label, or an unknown one")
    void refusesBadAnnotations() {
        replace("tiny-imagenet-200/val/val_annotations.txt", "val_0.JPEG\tn03126707\t0\t0\t1\t1\n");
        assertRefused("val_annotations.txt is damaged: it has no label for val_1.JPEG");

        replace("tiny-imagenet-200/val/val_annotations.txt", "val_0.JPEG\tn00000000\t0\t0\t1\t1\n");
        assertRefused("val_annotations.txt is damaged: its line 1 does not name an image and a class");
    }

    @Test
    @DisplayName("is refused as a zip that is truncated or damaged, or has a path outside itself")
    void refusesDamagedZips() {
        Path zip = folder.resolve("tiny-imagenet-200.zip");
        byte[] sound = Archives.zip(files);
        CifarFixture.write(zip, Arrays.copyOf(sound, sound.length / 2));
        assertRefused(zip + " is not a zip, or is damaged (");

        files.put("tiny-imagenet-200/../evil", new byte[] {1});
        CifarFixture.write(zip, Archives.zip(files));
        assertRefused("has a '.' or '..' element in its name");
    }

    private void replace(String path, String text) {
        replace(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void replace(String path, byte[] content) {
        files.put(path, content);
        CifarFixture.unpack(files, folder);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> load(folder))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }

    private static Dataset load(Path place) {
        return new TinyImageNet(ENOUGH).load(place);
    }
}
