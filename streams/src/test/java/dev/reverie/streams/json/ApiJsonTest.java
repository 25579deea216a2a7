package dev.reverie.streams.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.streams.history.Moment;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The API's JSON")
class ApiJsonTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");

    /** The JSON of a class with a given loss. */
    private static final String CLASS =
            "{'label':'Tücher','index':5,'phase':'distilling','seen':6000000000,'reservoir':5000,'images':10,"
                    + "'inner_loops':1203,'matching_loss':%s,'updated':'2026-01-02T03:04:05.678901Z',"
                    + "'seal_requested':true,'damaged':false}";

    static List<Arguments> classes() {
        return List.of(
                Arguments.of(status(OptionalDouble.of(63.4)), CLASS.formatted("63.4")),
                Arguments.of(status(OptionalDouble.of(Double.NaN)), CLASS.formatted("null")),
                Arguments.of(status(OptionalDouble.empty()), CLASS.formatted("null")));
    }

    private static ClassInfo status(OptionalDouble loss) {
        return new ClassInfo(
                "Tücher",
                5,
                ClassPhase.DISTILLING,
                6_000_000_000L,
                5000,
                10,
                1203,
                loss,
                AT,
                true,
                false,
                5000,
                new ClassInfo.Version(1, 2, 3));
    }

    static List<Arguments> services() {
        HeldOutAccuracy accuracy = new HeldOutAccuracy(0.75, 200, 2, 3, Instant.EPOCH, AT, Duration.ofMillis(2500));
        Footprint footprint =
                new Footprint(784, 2, 300_000, 9, 2_000_000_000L, OptionalDouble.of(0.2), OptionalDouble.of(60));
        return List.of(
                Arguments.of(
                        new ServiceStatus(
                                7,
                                2,
                                30,
                                1,
                                Duration.ofMillis(1500),
                                "idle",
                                Optional.of(accuracy),
                                Optional.of(footprint)),
                        "{'samples':7,'classes':2,'inner_loops':30,'outer_iterations':1,'uptime_seconds':1.5,"
                                + "'worker':'idle','held_out':{'accuracy':0.75,'images':200,'classes':2,"
                                + "'memory_classes':3,'taken':'1970-01-01T00:00:00Z',"
                                + "'tested':'2026-01-02T03:04:05.678901Z','age_seconds':2.5},"
                                + "'footprint':{'image_bytes':784,'factor':2,'class_bytes':300000,'max_classes':9,"
                                + "'process_bytes':2000000000,'loop_seconds':0.2,'convergence_seconds':60.0}}"),
                Arguments.of(
                        new ServiceStatus(
                                7, 2, 30, 1, Duration.ofHours(20_000), "idle", Optional.empty(), Optional.empty()),
                        "{'samples':7,'classes':2,'inner_loops':30,'outer_iterations':1,'uptime_seconds':7.2E7,"
                                + "'worker':'idle','held_out':null,'footprint':null}"),
                Arguments.of(
                        new Readiness(List.of(new Readiness.Check("store", false, "is full"))),
                        "{'ready':false,'checks':[{'name':'store','passed':false,'detail':'is full'}]}"));
    }

    static List<Arguments> others() {
        return List.of(
                Arguments.of(
                        new ServiceEvent(9, ServiceEvent.Kind.WARNING, AT, Map.of("message", "low")),
                        "{'at':'2026-01-02T03:04:05.678901Z','message':'low'}"),
                Arguments.of(
                        new Moment(4, AT, 30, List.of(new Moment.ClassPicture("cat", "0c9d", new byte[3]))),
                        "{'number':4,'at':'2026-01-02T03:04:05.678901Z','inner_loops':30,"
                                + "'classes':[{'label':'cat','picture':'0c9d'}]}"),
                Arguments.of(
                        new DeliveryOutcome.RefusedSample(7, "cat", Optional.empty(), SampleVerdict.SEALED),
                        "{'index':7,'label':'cat','id':null,'reason':'sealed'}"));
    }

    @ParameterizedTest
    @MethodSource({"classes", "services", "others"})
    @DisplayName("has fixed field names, field order and number formats")
    void text(Object value, String json) {
        assertThat(ApiJson.text(value)).isEqualTo(json.replace('\'', '"'));
    }
}
