package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.client.TestService;
import dev.reverie.deploy.client.ThreeNodes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The web page, in a browser, shows of the nodes of a service")
@Timeout(300)
class BrowserNodesIT {

    private final Browser browser = Browser.open();
    private final TestService service = TestService.start();

    @AfterEach
    void close() {
        try (browser) {
            service.close();
        }
    }

    @Test
    @DisplayName("their addresses, states and classes")
    void nodes() {
        service.joined(new ThreeNodes());

        browser.visit(service.address());

        browser.await("the three nodes are there", () -> browser.texts("#nodes tbody tr")
                .equals(List.of(
                        "node-0:17355 up, leader 1,200", "node-1:17355 weakly up 0", "node-2:17355 unreachable ?")));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    @DisplayName("nothing if it is a single process")
    void process() {
        browser.visit(service.address());

        browser.await("the totals are there", () -> browser.text("[data-total=classes]")
                .equals("0"));
        assertThat(browser.one("#nodes").isDisplayed()).isFalse();
        assertThat(browser.console()).isEmpty();
    }
}
