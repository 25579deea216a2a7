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
 * Ends a connection on which the head of a request does not arrive in time, from the moment it is waited for. Pekko's
 * own idle time begins anew with every byte, so who sends a byte now and then could keep a connection for ever.
 *
 * <pre>
 *   requests of a connection  → |          | → answering, one at a time
 *                               | patience |             |
 *   answers to the connection ← |          | ← - - - - - +
 * </pre>
 *
 * While a request is answered nothing is waited for, however long that takes; and it is answered when the last byte of
 * its answer is on its way, which for a stream of events is never.
 */
final class RequestHeadTimeout extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {

    private static final String TIMER = "head";

    private final Inlet<HttpRequest> requests = Inlet.create("RequestPatience.requests");
    private final Outlet<HttpRequest> toAnswer = Outlet.create("RequestPatience.toAnswer");
    private final Inlet<HttpResponse> answered = Inlet.create("RequestPatience.answered");
    private final Outlet<HttpResponse> answers = Outlet.create("RequestPatience.answers");
    private final Duration first;
    private final Duration next;

    /**
     * A stage.
     *
     * @param first how long the first head may take
     * @param next how long each further one may take
     */
    RequestHeadTimeout(Duration first, Duration next) {
        this.first = first;
        this.next = next;
    }

    @Override
    public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
        return BidiShape.of(requests, toAnswer, answered, answers);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inheritedAttributes) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {

        private final AsyncCallback<Done> sent = createAsyncCallback(_ -> answered());
        private int inHand;

        private Logic() {
            super(shape());
            setHandler(requests, new AbstractInHandler() {
                @Override
                public void onPush() {
                    cancelTimer(TIMER);
                    inHand++;
                    push(toAnswer, grab(requests));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(toAnswer);
                }
            });
            setHandler(toAnswer, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(requests);
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(requests, cause);
                }
            });
            setHandler(answered, new AbstractInHandler() {
                @Override
                public void onPush() {
                    push(answers, watched(grab(answered)));
                }
            });
            setHandler(answers, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    pull(answered);
                }
            });
        }

        @Override
        public void preStart() {
            scheduleOnce(TIMER, first);
        }

        private HttpResponse watched(HttpResponse answer) {
            if (answer.entity().isStrict()) {
                answered();
                return answer;
            }
            Flow<ByteString, ByteString, NotUsed> watching = Flow.of(ByteString.class)
                    .watchTermination((nothing, end) -> {
                        end.whenComplete((_, _) -> sent.invoke(Done.getInstance()));
                        return nothing;
                    });
            return answer.entity() instanceof HttpEntity.Default known
                    ? answer.withEntity(HttpEntities.create(
                            known.getContentType(),
                            known.getContentLength(),
                            known.getDataBytes().via(watching)))
                    : answer.transformEntityDataBytes(watching);
        }

        private void answered() {
            inHand--;
            if (inHand == 0) {
                scheduleOnce(TIMER, next);
            }
        }

        @Override
        public void onTimer(Object timer) {
            completeStage();
        }
    }
}
