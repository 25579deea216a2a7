package dev.reverie.streams.http;

import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Closes a connection if the headers of the next request do not arrive in time. Pekko's idle timeout alone is not
 * enough: it restarts with every byte, so a client that sends a byte now and then could keep a connection open forever.
 *
 * <pre>
 *   requests of a connection    → |         | → handler, one at a time
 *                                 | timeout |             |
 *   responses to the connection ← |         | ← - - - - - +
 * </pre>
 *
 * The timeout does not run while a request is being processed. Processing ends when the last byte of the response is
 * sent, so it does not end while an event stream is open.
 */
final class RequestHeadTimeout extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {

    private static final String TIMER = "head";

    private final Inlet<HttpRequest> requests = Inlet.create("RequestHeadTimeout.requests");
    private final Outlet<HttpRequest> toHandler = Outlet.create("RequestHeadTimeout.toHandler");
    private final Inlet<HttpResponse> fromHandler = Inlet.create("RequestHeadTimeout.fromHandler");
    private final Outlet<HttpResponse> responses = Outlet.create("RequestHeadTimeout.responses");
    private final Duration first;
    /** Timeout for the headers of each further request. */
    private final Duration next;

    RequestHeadTimeout(Duration first, Duration next) {
        this.first = first;
        this.next = next;
    }

    @Override
    public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
        return BidiShape.of(requests, toHandler, fromHandler, responses);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {

        private final AsyncCallback<Done> sent = createAsyncCallback(_ -> onSent());
        private int pending;

        private Logic() {
            super(shape());
            setHandler(requests, new AbstractInHandler() {
                @Override
                public void onPush() {
                    cancelTimer(TIMER);
                    pending++;
                    push(toHandler, grab(requests));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(toHandler);
                }
            });
            setHandler(toHandler, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(requests);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(requests, cause);
                }
            });
            setHandler(fromHandler, new AbstractInHandler() {
                @Override
                public void onPush() {
                    push(responses, watch(grab(fromHandler)));
                }
            });
            setHandler(responses, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(fromHandler);
                }
            });
        }

        @Override
        public void preStart() {
            scheduleOnce(TIMER, first);
        }

        private HttpResponse watch(HttpResponse response) {
            if (response.entity().isStrict()) {
                onSent();
                return response;
            }
            Flow<ByteString, ByteString, NotUsed> watching = Flow.of(ByteString.class)
                    .watchTermination((nothing, end) -> {
                        end.whenComplete((_, _) -> sent.invoke(Done.getInstance()));
                        return nothing;
                    });
            return response.entity() instanceof HttpEntity.Default known
                    ? response.withEntity(HttpEntities.create(
                            known.getContentType(),
                            known.getContentLength(),
                            known.getDataBytes().via(watching)))
                    : response.transformEntityDataBytes(watching);
        }

        private void onSent() {
            pending--;
            if (pending == 0) {
                scheduleOnce(TIMER, next);
            }
        }

        @Override
        public void onTimer(Object timer) {
            completeStage();
        }
    }
}
