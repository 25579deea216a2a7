package dev.reverie.deploy.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.deploy.experiments.report.BandChart.Series;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

@DisplayName("A chart of curves with bands")
class BandChartTest {

    private final Series rising = new Series("a & b", List.of(new MeanAndStd(1, 0), new MeanAndStd(2, 0.5)));
    private final Series falling = new Series("c", List.of(new MeanAndStd(3, 0), new MeanAndStd(1, 0)));

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
                .isEqualTo(mean - height(points(svg, "polygon", 0).get(2)), org.assertj.core.data.Offset.offset(0.2));
    }

    @Test
    @DisplayName("is drawn for a single x and without any series")
    void little() throws Exception {
        parse(new BandChart("t", "x", "y", List.of(10), List.of(new Series("a", List.of(new MeanAndStd(5, 0)))))
                .toSvg());
        parse(chart().toSvg());
    }

    @Test
    @DisplayName("rejects series without a value for every x")
    void incomplete() {
        assertThatThrownBy(() -> new BandChart("t", "x", "y", List.of(1, 2, 3), List.of(rising)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static BandChart chart(Series... series) {
        return new BandChart("title", "x", "y", List.of(2, 4), List.of(series));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> points(Document svg, String element, int index) {
        NodeList found = svg.getElementsByTagName(element);
        String points = found.item(index).getAttributes().getNamedItem("points").getNodeValue();
        return List.of(points.split(" "));
    }

    private static double height(String point) {
        return Double.parseDouble(point.substring(point.indexOf(',') + 1));
    }
}
