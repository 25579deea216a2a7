package dev.reverie.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.report.BandChart.Point;
import dev.reverie.lab.report.BandChart.Series;
import java.io.StringReader;
import java.util.Collections;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

@DisplayName("A chart of curves with bands")
class BandChartTest {

    private final Series rising =
            Series.curve("a & b", List.of(new Point(2, new MeanAndStd(1, 0)), new Point(4, new MeanAndStd(2, 0.5))));
    private final Series falling =
            Series.curve("c", List.of(new Point(2, new MeanAndStd(3, 0)), new Point(3, new MeanAndStd(1, 0))));

    @Test
    @DisplayName("is well-formed SVG with a curve, a band and a name for each series")
    void curves() throws Exception {
        Document svg = parse(chart(rising, falling).toSvg());

        assertThat(points(svg, "polyline", 0)).hasSize(2);
        assertThat(points(svg, "polygon", 0)).hasSize(4);
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg.getDocumentElement().getTextContent()).contains("a & b", "c", "title", "x", "y");
    }

    @Test
    @DisplayName("draws the deviation to scale on both sides of the mean")
    void band() throws Exception {
        Document svg = parse(chart(rising).toSvg());

        double mean = height(points(svg, "polyline", 0).get(1));
        assertThat(height(points(svg, "polygon", 0).get(1)) - mean)
                .isPositive()
                .isEqualTo(mean - height(points(svg, "polygon", 0).get(2)), offset(0.2));
    }

    @Test
    @DisplayName("dashes the curves that repeat the colour of another one")
    void moreCurvesThanColours() throws Exception {
        NodeList curves = parse(chart(Collections.nCopies(8, falling).toArray(Series[]::new))
                        .toSvg())
                .getElementsByTagName("polyline");

        assertThat(attribute(curves, 7, "stroke")).isEqualTo(attribute(curves, 0, "stroke"));
        assertThat(attribute(curves, 7, "stroke-dasharray")).isNotEqualTo(attribute(curves, 0, "stroke-dasharray"));
    }

    @Test
    @DisplayName("is drawn for a single x and without any series")
    void little() throws Exception {
        Series dot = Series.curve("a", List.of(new Point(10, new MeanAndStd(5, 0))));
        parse(new BandChart("t", "x", "y", new ChartAxis(List.of(10.0), false), List.of(dot)).toSvg());
        parse(BandChart.fromZero("t", "x", "y", List.of(dot)).toSvg());
        parse(chart().toSvg());
    }

    @Test
    @DisplayName("has round numbers from zero on if it is drawn from there, for curves of any length")
    void fromZero() throws Exception {
        Document svg = parse(
                BandChart.fromZero("t", "x", "y", List.of(rising, falling)).toSvg());

        assertThat(svg.getDocumentElement().getTextContent()).containsSubsequence("0", "1", "2", "3", "4");
        double left = x(points(svg, "polyline", 0).get(0));
        assertThat(x(points(svg, "polyline", 0).get(1)) - left)
                .isCloseTo(2 * (x(points(svg, "polyline", 1).get(1)) - left), offset(0.2));
    }

    @Test
    @DisplayName("draws only dots for points that are no curve")
    void points() throws Exception {
        Document svg =
                parse(BandChart.fromZero("t", "x", "y", List.of(new Series("a", false, rising.points()), falling))
                        .toSvg());

        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(1);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(4);
    }

    @Test
    @DisplayName("rejects curves without points, and an axis without ticks")
    void empty() {
        assertThatThrownBy(() -> Series.curve("a", List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ChartAxis(List.of(), false)).isInstanceOf(IllegalArgumentException.class);
    }

    private static BandChart chart(Series... series) {
        return new BandChart("title", "x", "y", new ChartAxis(List.of(2.0, 4.0), false), List.of(series));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> points(Document svg, String element, int index) {
        return List.of(
                attribute(svg.getElementsByTagName(element), index, "points").split(" "));
    }

    private static String attribute(NodeList elements, int index, String name) {
        return elements.item(index).getAttributes().getNamedItem(name).getNodeValue();
    }

    private static double x(String point) {
        return Double.parseDouble(point.substring(0, point.indexOf(',')));
    }

    private static double height(String point) {
        return Double.parseDouble(point.substring(point.indexOf(',') + 1));
    }
}
