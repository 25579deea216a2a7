package dev.reverie.streams.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The colours of the web page")
class ContrastTest {

    private static final Pattern COLOUR = Pattern.compile("--(\\w+): #([0-9a-f]{3,6})");
    /** Minimum contrast of text by WCAG 2.2, level AA. */
    private static final double ENOUGH = 4.5;

    @ParameterizedTest(name = "{0} on {1}")
    @CsvSource({
        "ink,paper",
        "ink,card",
        "soft,paper",
        "soft,card",
        "accent,paper",
        "accent,card",
        "good,paper",
        "bad,paper",
        "bad,card"
    })
    @DisplayName("have sufficient contrast in light and dark mode")
    void contrast(String text, String ground) throws IOException {
        String css = css();
        int dark = css.indexOf("prefers-color-scheme: dark");
        Map<String, String> light = colours(css.substring(0, dark));
        Map<String, String> night = colours(css.substring(dark, css.indexOf("* {", dark)));

        assertThat(contrast(light, text, ground)).isGreaterThanOrEqualTo(ENOUGH);
        assertThat(contrast(night, text, ground)).isGreaterThanOrEqualTo(ENOUGH);
    }

    private static String css() throws IOException {
        try (InputStream file =
                requireNonNull(ContrastTest.class.getResourceAsStream("/dev/reverie/streams/page/page.css"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> colours(String css) {
        Map<String, String> colours = new HashMap<>();
        COLOUR.matcher(css).results().forEach(match -> colours.put(match.group(1), match.group(2)));
        return colours;
    }

    private static double contrast(Map<String, String> colours, String text, String ground) {
        double a = luminance(requireNonNull(colours.get(text)));
        double b = luminance(requireNonNull(colours.get(ground)));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /** Returns the relative luminance of an sRGB colour, in [0, 1]. */
    private static double luminance(String hex) {
        String six = hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex;
        int rgb = Integer.parseInt(six, 16);
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    }

    private static double linear(int channel) {
        double level = (channel & 0xff) / 255.0;
        return level <= 0.04045 ? level / 12.92 : Math.pow((level + 0.055) / 1.055, 2.4);
    }
}
