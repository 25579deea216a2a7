package dev.reverie.streams.http;

import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Ends a connection on which the head of a request does not arrive in time, from the moment it is waited for. Pekko's
 * own idle time begins anew with every byte, so who sends a byte now and then could keep a connection for ever.
 *
 * <pre>
 *   requests of a connection --> patience --> answering, one at a time
 * </pre>
 *
 * While a request is answered nothing is waited for, however long that takes.
 */
final class RequestPatience extends GraphStage<FlowShape<HttpRequest, HttpRequest>> {

    private static final String TIMER = "head";

    private final Inlet<HttpRequest> in = Inlet.create("RequestPatience.in");
    private final Outlet<HttpRequest> out = Outlet.create("RequestPatience.out");
    private final FlowShape<HttpRequest, HttpRequest> shape = FlowShape.of(in, out);
    private final Duration first;
    private final Duration next;

    /**
     * A stage.
     *
     * @param first how long the first head may take
     * @param next how long each further one may take
     */
    RequestPatience(Duration first, Duration next) {
        this.first = first;
        this.next = next;
    }

    @Override
    public FlowShape<HttpRequest, HttpRequest> shape() {
        return shape;
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {

        private Duration patience = first;

        private Logic() {
            super(shape);
            setHandler(in, new AbstractInHandler() {
                @Override
                public void onPush() {
                    cancelTimer(TIMER);
                    patience = next;
                    push(out, grab(in));
                }
            });
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    scheduleOnce(TIMER, patience);
                    pull(in);
                }
            });
        }

        @Override
        public void onTimer(Object timer) {
            completeStage();
        }
    }
}
