package dev.reverie.streams;

import static dev.reverie.streams.RunSettings.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.coded.Coding;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.ServiceException.UnavailableException;
import dev.reverie.streams.service.ServiceStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory of a running service")
class ServiceMemoryTest extends ServiceFixture {

    @Test
    @DisplayName("contains real images of a class from its first delivery on, before learning starts")
    void availableAtOnce() {
        deliver("cat", 1, 0);

        MemoryView memory = await(service.memory()).orElseThrow();
        assertThat(memory.set().classes().names()).containsExactly("cat");
        assertThat(memory.set().parameters().count()).isEqualTo(IPC);
        assertThat(status("cat").phase()).isEqualTo(ClassPhase.COLLECTING);
    }

    @Test
    @DisplayName("stores as many images per class as fit into its bytes, and more after a restart with more bytes")
    void asManyAsFit() {
        stop();
        Coding coding = new Coding(PictureFormat.JPEG, 60, OptionalLong.of(1)); // no picture is as small
        budget = new MemoryBudget(IPC, coding, OptionalInt.empty(), OptionalLong.empty());
        service = started();
        twoClassesLearn();
        assertThat(imagesStored()).containsExactly(1, 1);

        stop();
        budget = MemoryBudget.perClass(IPC);
        service = started();
        awaitLoops(2);

        assertThat(imagesStored()).containsExactly(IPC, IPC);
    }

    @Test
    @DisplayName("hands out what the pictures of its classes decode to")
    void coded() {
        stop();
        Coding coding = new Coding(PictureFormat.JPEG, 60, OptionalLong.empty());
        budget = new MemoryBudget(IPC, coding, OptionalInt.empty(), OptionalLong.empty());
        service = started();

        twoClassesLearn();

        MemoryView memory = await(service.memory()).orElseThrow();
        assertThat(memory.set().parameters().toLevels())
                .isEqualTo(ImageBatch.join(Stream.of(0, 1)
                                .map(index -> memory.coded().apply(index).decoded())
                                .toList())
                        .toLevels());
        assertThat(service.codedBytes(0)).hasValue(memory.coded().apply(0).bytes().length);
    }

    @Test
    @DisplayName("divides a total of images among the present classes whenever one appears or goes")
    void dividesTheMemory() {
        stop();
        budget = new MemoryBudget(IPC, Coding.LOSSLESS, OptionalInt.of(2 * IPC), OptionalLong.empty());
        service = started();
        twoClassesLearn();
        assertThat(imagesStored()).containsExactly(IPC, IPC);

        deliver("bird", 6, 2);
        awaitMatched("bird");
        awaitLoops(2);
        List<Integer> ofThree = imagesStored();
        await(service.forget("bird"));
        awaitLoops(3);

        assertThat(ofThree).containsExactly(1, 1, 1);
        assertThat(imagesStored()).containsExactly(IPC, IPC);
        assertThat(await(service.memory()).orElseThrow().set().parameters().count())
                .isEqualTo(2 * IPC);
    }

    @Test
    @DisplayName("trains the network on real images, or on synthetic images of all classes once one is sealed")
    void trainsOnTheMemory() {
        twoClassesLearn();
        awaitLoops(2);
        List<String> real = pixels(Stream.of(0, 1)
                .flatMap(seed -> RunSettings.images(6, seed).stream())
                .toList());
        assertThat(real).containsAll(pixels(fixture.shown()));

        await(service.seal("cat", SealChange.NOW));
        awaitLoops(3);

        assertThat(pixels(fixture.shown())).isNotEmpty().doesNotContainAnyElementsOf(real);
    }

    private List<Integer> imagesStored() {
        return await(service.classes()).stream().map(ClassInfo::images).toList();
    }

    private static List<String> pixels(List<Image> images) {
        return images.stream()
                .map(image -> IntStream.range(0, image.shape().size())
                        .mapToObj(i -> Integer.toString(image.level(i)))
                        .collect(Collectors.joining(" ")))
                .toList();
    }

    @Test
    @DisplayName("counts no fewer samples while it reads its store again: it reports no totals until it knows them")
    void totalsWhileLoading() {
        deliver("cat", 6, 0);
        deliver("dog", 6, 1);
        stop();
        service = starting();

        Optional<ServiceStatus> known = Optional.empty();
        while (known.isEmpty()) {
            known = await(service.status().thenApply(Optional::of).exceptionally(failure -> {
                assertThat(Asks.causeOf(failure)).isInstanceOf(UnavailableException.class);
                return Optional.empty();
            }));
        }

        assertThat(known.get().samples()).isEqualTo(12);
        assertThat(known.get().classes()).isEqualTo(2);
    }
}
