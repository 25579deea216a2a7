package dev.reverie.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

@DisplayName("A line chart")
class LineChartTest {

    @Test
    @DisplayName("is well-formed SVG whose curve has a point for each value")
    void points() throws Exception {
        Document svg = parse(chart(4.0, 2.0, 1.0).toSvg());

        assertThat(points(svg)).hasSize(3);
        assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("loss & <more>");
    }

    @Test
    @DisplayName("puts smaller values lower")
    void orientation() throws Exception {
        List<Double> heights = points(parse(chart(4.0, 2.0, 1.0).toSvg())).stream()
                .map(point -> Double.valueOf(point.substring(point.indexOf(',') + 1)))
                .toList();

        assertThat(heights).isSorted();
    }

    @Test
    @DisplayName("leaves out values that are not finite")
    void gaps() throws Exception {
        assertThat(points(parse(chart(4.0, Double.NaN, 1.0).toSvg()))).hasSize(2);
    }

    @Test
    @DisplayName("is not drawn for fewer than two values")
    void tooFew() {
        assertThat(chart().toSvg()).isEmpty();
        assertThat(chart(1.0, Double.NaN).toSvg()).isEmpty();
    }

    private static LineChart chart(Double... values) {
        return new LineChart("loss & <more>", "inner loop", List.of(values));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> points(Document svg) {
        var curves = svg.getElementsByTagName("polyline");
        return IntStream.range(0, curves.getLength())
                .mapToObj(i ->
                        curves.item(i).getAttributes().getNamedItem("points").getNodeValue())
                .flatMap(points -> Arrays.stream(points.split(" ")))
                .toList();
    }
}
