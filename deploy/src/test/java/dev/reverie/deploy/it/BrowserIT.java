package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.RandomSamples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The web page, in a browser")
@Timeout(300)
class BrowserIT extends AbstractBrowserTest {

    private static final int SOME = 8;

    @Test
    @DisplayName("updates images as they learn and adds a new class, without a reload")
    void live() throws Exception {
        browser.await("both classes are there", () -> browser.all("#wall .row").size() == 2);
        String first = awaitPicture("even");
        browser.await("the images change", () -> !awaitPicture("even").equals(first));
        browser.await("there are loops", () -> !browser.text("[data-total=inner_loops]")
                .equals("0"));
        assertThat(browser.text("#wall .row:first-child h3")).isEqualTo("even");

        client.deliver(RandomSamples.of(1, ENOUGH, List.of("third")));

        browser.await(
                "the third class is there", () -> browser.all("#wall .row").size() == 3);
        assertThat(browser.text("#wall .row:last-child h3")).isEqualTo("third");
        browser.await("it is in the journal", () -> browser.text("#journal").contains("third is being distilled"));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    @DisplayName("shows the held-out accuracy once the memory was evaluated")
    void accuracy() throws Exception {
        String tile = "[data-total=accuracy]";
        browser.await("the totals are there", () -> browser.text("[data-total=classes]")
                .equals("2"));
        assertThat(browser.text(tile)).isEqualTo("–");

        NewImages.deliverUntil(
                client,
                number -> RandomSamples.of(number, SOME, List.of("even", "odd")),
                accuracy -> accuracy.classes() == 2);

        browser.await("the accuracy is there", () -> browser.text(tile).matches("\\d+\\.\\d %"));
        browser.await("it covers both classes", () -> browser.text("#totals div:nth-child(5) dt")
                .startsWith("held-out accuracy (2 of 2 classes, "));
        assertThat(browser.attribute(tile, "title")).contains("test images of 2 of 2 classes");
        browser.await("it is in the journal", () -> browser.text("#journal").contains("Held-out accuracy"));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    @DisplayName("tells what was refused in the last hour, with the label and the message, as text")
    void refusals() {
        byte[] cut = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        assertThat(browser.one("#refused").isDisplayed()).isFalse();
        assertThatThrownBy(() -> client.deliver(cut, "<img src=x>"));

        browser.await("the refusal is there", () -> browser.text("#refused summary")
                .equals("1 sample refused in the last hour"));
        browser.click("#refused summary");

        assertThat(browser.text("#refused tbody"))
                .startsWith("1 http image-invalid ")
                .contains("<img src=x>: ");
        assertThat(browser.all("#refused img")).isEmpty();
        assertThat(browser.console()).isEmpty();
    }

    @Test
    @DisplayName("goes back in time and returns to the present")
    void timeline() {
        browser.await("there is some history", () -> browser.one("#timeline").isDisplayed());
        browser.await("three moments", () -> Integer.parseInt(browser.attribute("#moment", "max")) >= 3);

        browser.set("#moment", "0");

        browser.await("the past is shown", () -> browser.text("#moment-text").contains("loop"));
        String past = awaitPicture("odd");
        browser.click("#now");
        browser.await("the present is shown", () -> browser.text("#moment-text").equals("now"));
        browser.await("its images differ", () -> !awaitPicture("odd").equals(past));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    @DisplayName("shows curves that begin before it was loaded")
    void curves() throws Exception {
        NewImages.deliverUntil(client, number -> RandomSamples.of(number, SOME, List.of("even", "odd")), any -> true);
        browser.await("the service has recorded points of all curves", this::hasRecordedCurves);

        browser.visit(address);

        for (String curve : List.of("loss", "rate", "accuracy")) {
            browser.await(curve + " has an earlier point", () -> browser.hasEarlierPoint(curve));
        }
        assertThat(browser.console()).isEmpty();
    }

    /** The rate is between two points. */
    private boolean hasRecordedCurves() {
        try (InputStream answer = address.resolve("/v1/history/curves").toURL().openStream()) {
            JsonNode points = new ObjectMapper().readTree(answer);
            return points.findValues("samples").size() > 1
                    && points.findValues("matching_loss").stream().anyMatch(JsonNode::isNumber)
                    && points.findValues("held_out_accuracy").stream().anyMatch(JsonNode::isNumber);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("leaves room for ten square images of a class beside its buttons in a window of 1,280 pixels")
    void roomForImages() {
        String row = "[data-label=even] .strip";
        String images = row + " img";
        browser.resize(1280, 900);

        browser.await("the images are loaded and have room", () -> {
            int tenImages = 10 * browser.height(images);
            return tenImages > 0 && browser.width(images) >= tenImages && browser.width(row) >= tenImages;
        });
    }

    private String awaitPicture(String label) {
        String image = "[data-label=" + label + "] img";
        browser.await("there are images of " + label, () -> !browser.attribute(image, "src")
                .isEmpty());
        return browser.attribute(image, "data-picture");
    }
}
