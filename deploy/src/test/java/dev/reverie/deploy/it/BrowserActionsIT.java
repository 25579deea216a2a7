package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.client.ClassStatus;
import dev.reverie.deploy.RandomSamples;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"..", "T-shirt/top", "<b>\"50%\"</b> & 'more'", "__proto__", "\u05d7\u05ea\u05d5\u05dc #1"})
    @DisplayName("shows any label as it is, and finds its class")
    void anyLabel(String label) throws Exception {
        client.deliver(RandomSamples.of(1, 4, List.of(label)));
        browser.await("the class is there", () -> browser.all("#wall .row").size() == 3);
        browser.set("#filter", label);

        assertThat(browser.text("#wall .row h3")).isEqualTo(label);
        browser.click("#wall .row [data-action=seal]");
        browser.click("#confirm-yes");
        browser.await("it is sealed", () -> browser.text("#wall .row .phase").equals("sealed"));
        browser.click("#wall .row [data-action=forget]");
        browser.click("#confirm-yes");

        browser.await("it is gone", () -> browser.all("#wall .row").isEmpty());
        assertThat(client.classes()).extracting(ClassStatus::label).containsExactly("even", "odd");
        assertThat(browser.console()).isEmpty();
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
