package dev.reverie.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A distillation of small classes")
class SmallClassesTest {

    private final RunFixture fixture = new RunFixture();
    private final List<TelemetryEvent> events = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("uses all images of a class with fewer images than representatives, and warns once")
    void warnsOfSmallClasses() {
        var request = DistillationRequest.of(RunSettings.dataset(2, 9), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        assertThat(fixture.journal()).contains("select 2 of 2 by K_MEANS on network 1/2");
        assertThat(events)
                .filteredOn(TelemetryEvent.Warning.class::isInstance)
                .containsExactly(new TelemetryEvent.Warning(
                        "class 'class 0' has only 2 candidates for 3 representatives. The run uses all candidates;"
                                + " nothing needs to be done."));
    }

    @Test
    @DisplayName("warns once that several classes have too few images")
    void warnsOfManySmallClassesOnce() {
        var request = DistillationRequest.of(RunSettings.dataset(9, 2, 2, 2), RunSettings.settings(Method.DREAM));

        RunSettings.run(request, fixture, events);

        assertThat(events)
                .filteredOn(TelemetryEvent.Warning.class::isInstance)
                .containsExactly(
                        new TelemetryEvent.Warning("class 'class 1' has only 2 candidates for 3 representatives, "
                                + "and 2 other classes also have too few. The run uses all candidates; nothing"
                                + " needs to be done."));
    }

    @Test
    @DisplayName("repeats the images of a class with fewer images than mosaic cells, and warns")
    void repeatsImagesOfSmallClasses() {
        DistillationSettings settings =
                RunSettings.settings(Method.RANDOM).withIpc(1).withFactor(2);

        DistillationResult result =
                RunSettings.run(DistillationRequest.of(RunSettings.dataset(3, 9), settings), fixture, events);

        assertThat(fixture.journal())
                .containsExactly("select 3 of 3 by RANDOM on network 0/2", "select 4 of 9 by RANDOM on network 0/2");
        assertThat(result.set().images().count()).isEqualTo(8);
        assertThat(events)
                .contains(new TelemetryEvent.Warning(
                        "class 'class 0' has only 3 images for 4 mosaic cells. Some images are used more than once;"
                                + " use a smaller --ipc or --factor to avoid this."));
    }

    @Test
    @DisplayName("is refused if a class has fewer images than are to be learned")
    void refusesTooSmallClasses() {
        var small = DistillationRequest.of(RunSettings.dataset(1, 9), RunSettings.settings(Method.DREAM));

        assertThatThrownBy(() -> RunSettings.run(small, fixture, events))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class 'class 0' has 1 image, fewer than the 2 to learn per class; choose a smaller --ipc");
    }
}
