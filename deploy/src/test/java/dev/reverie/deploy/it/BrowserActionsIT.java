package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.ClassStatus;
import dev.reverie.deploy.RandomSamples;
import dev.reverie.streams.AwkwardLabels;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The web page, whose buttons are clicked and whose connection is lost,")
@Timeout(300)
class BrowserActionsIT extends AbstractBrowserTest {

    private static final String CONNECTION = "#connection";

    @Test
    @DisplayName("reports a lost connection, and recovers when the service is back")
    void heals() throws Exception {
        browser.await("live", () -> browser.attribute(CONNECTION, "data-state").equals("live"));

        service.kill();

        browser.await("the loss shows", () -> browser.text(CONNECTION).contains("connection lost"));
        client.close();
        serve(address.getPort());
        browser.await(
                "live again", () -> browser.attribute(CONNECTION, "data-state").equals("live"));
        browser.await("both classes are there", () -> browser.all("#wall .row").size() == 2);
    }

    @Test
    @DisplayName("seals and forgets a class only after confirmation")
    void buttons() throws Exception {
        String even = "[data-label=even] ";
        browser.await("both classes are there", () -> browser.all("#wall .row").size() == 2);

        browser.click(even + "[data-action=seal]");
        browser.click("#confirm button[value=no]");
        assertThat(browser.text(even + ".phase")).isNotEqualTo("sealed");
        browser.click(even + "[data-action=seal]");
        browser.click("#confirm-yes");
        browser.await("it is sealed", () -> browser.text(even + ".phase").equals("sealed"));
        browser.click(even + "[data-action=forget]");
        browser.click("#confirm-yes");

        browser.await("it is gone", () -> browser.all("#wall .row").size() == 1);
        assertThat(client.classes().size()).isEqualTo(1);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    @DisplayName("shows any label as text and the images of its class, and finds, seals and forgets that class")
    void anyLabel() throws Exception {
        List<String> labels = AwkwardLabels.ALL;
        browser.resize(1280, 4000);
        client.deliver(RandomSamples.of(1, 4 * labels.size(), labels));
        browser.await("the classes are there", () -> browser.texts("#wall h3").size() == 2 + labels.size());
        assertThat(browser.texts("#wall h3")).endsWith(labels.toArray(String[]::new));

        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            String row = "#wall .row:nth-child(" + (3 + i) + ") ";
            browser.await(label + " has a picture", () -> browser.hasPicture(row + "img"));
            assertThat(browser.attribute(row + "img", "alt")).isEqualTo("the learned images of " + label);
            confirm(row + "[data-action=seal]", "Seal " + label + "?");
            browser.await(
                    label + " is sealed", () -> browser.text(row + ".phase").equals("sealed"));
        }
        assertThat(browser.all("h3 *, #confirm-title *, #journal span *")).isEmpty();
        for (String label : labels) {
            browser.set("#filter", label);
            int row = 1 + browser.texts("#wall h3").indexOf(label);
            confirm("#wall .row:nth-child(" + row + ") [data-action=forget]", "Forget " + label + "?");
            browser.await(label + " is gone", () -> !browser.texts("#wall h3").contains(label));
        }

        assertThat(client.classes()).extracting(ClassStatus::label).containsExactly("even", "odd");
        assertThat(browser.console()).isEmpty();
    }

    private void confirm(String button, String question) {
        browser.click(button);
        assertThat(browser.text("#confirm-title")).isEqualTo(question);
        browser.click("#confirm-yes");
    }

    @Test
    @DisplayName("accepts no token with a character that a token cannot have, because no request could be sent with it")
    void token() {
        browser.set("#token", "s3cret\u2013");
        assertThat(browser.all("#token:invalid")).hasSize(1);

        browser.set("#token", " aB9._~+/=- ");
        assertThat(browser.all("#token:valid")).hasSize(1);
    }

    @Test
    @DisplayName("requests that a class is sealed when it converges, and cancels the request")
    void sealWhenConverged() {
        String request = "[data-label=odd] [data-action=sealWhenConverged]";
        String cancel = "[data-label=odd] [data-action=cancelSeal]";
        browser.await("both classes are there", () -> browser.all("#wall .row").size() == 2);

        browser.click(request);
        browser.click("#confirm-yes");
        browser.await("it can be cancelled", () -> browser.one(cancel).isDisplayed());
        assertThat(browser.one(request).isDisplayed()).isFalse();
        browser.click(cancel);
        browser.click("#confirm-yes");

        browser.await("it can be requested again", () -> browser.one(request).isDisplayed());
        assertThat(browser.console()).isEmpty();
    }
}
