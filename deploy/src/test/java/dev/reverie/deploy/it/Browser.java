package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * Controls Chromium without a window. If it is missing, tests are skipped, or fail if
 * {@code REVERIE_TEST_PROGRAMS=required} is set.
 */
final class Browser implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser open() {
        Optional<Path> chromium = program("chromium");
        Optional<Path> control = program("chromedriver");
        if (chromium.isEmpty() || control.isEmpty()) {
            String reason = "this test needs a browser: install the Debian packages chromium and chromium-driver";
            assertThat(System.getenv("REVERIE_TEST_PROGRAMS")).as(reason).isNotEqualTo("required");
            Assumptions.abort(reason);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(control.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void visit(URI page) {
        driver.get(page.toString());
    }

    /** Sets the size of the window in pixels. */
    void resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** Returns all elements that match at this moment. */
    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    String text(String selector) {
        return one(selector).getText();
    }

    /** Returns the texts of all elements that match; fails if the page replaces one meanwhile. */
    List<String> texts(String selector) {
        return all(selector).stream().map(WebElement::getText).toList();
    }

    int width(String selector) {
        return one(selector).getSize().getWidth();
    }

    int height(String selector) {
        return one(selector).getSize().getHeight();
    }

    String attribute(String selector, String name) {
        return Optional.ofNullable(one(selector).getDomAttribute(name)).orElse("");
    }

    /** Returns whether an image is loaded and can be shown. */
    boolean hasPicture(String selector) {
        return !"0".equals(one(selector).getDomProperty("naturalWidth"));
    }

    void click(String selector) {
        await(selector + " can be clicked", () -> one(selector).isEnabled());
        one(selector).click();
    }

    /** Sets the value of a control and notifies the page, as user input does. */
    void set(String selector, String value) {
        driver.executeScript(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                one(selector),
                value);
    }

    /** Returns whether the curve on a canvas has a point from before the page was loaded. */
    boolean hasEarlierPoint(String canvas) {
        return Boolean.TRUE.equals(driver.executeScript(
                "return Chart.getChart(arguments[0]).data.datasets[0].data[0]?.x < performance.timeOrigin", canvas));
    }

    void await(String what, BooleanSupplier condition) {
        new WebDriverWait(driver, TIMEOUT)
                .ignoring(org.openqa.selenium.WebDriverException.class)
                .withMessage(() -> what + "; the console says " + console())
                .until(_ -> condition.getAsBoolean());
    }

    /** Returns the warnings and errors of the page since the last call. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
