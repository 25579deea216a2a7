package dev.reverie.deploy.replay;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_ENTITY_TOO_LARGE;
import static java.net.HttpURLConnection.HTTP_UNSUPPORTED_TYPE;

import dev.reverie.client.DeliveryReceipt;
import dev.reverie.client.Retries;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.client.Samples;
import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.replay.ReplayReport.Ending;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.folder.PictureFile;
import dev.reverie.streams.decode.SafeExcerpt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Streams training images to a service, one delivery after another. Repeats a request that the service defers or does
 * not answer; because every sample has an id, or is compared by its pixels, repeated samples count only once. Not
 * thread safe; can be run only once.
 */
public final class Replay {

    /** Time for which a delivery is repeated. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int UNPROCESSABLE_CONTENT = 422;

    /** Status codes of refusals that concern a single picture, its class or its name. */
    private static final Set<Integer> OF_A_PICTURE = Set.of(
            HTTP_BAD_REQUEST, HTTP_CONFLICT, HTTP_ENTITY_TOO_LARGE, HTTP_UNSUPPORTED_TYPE, UNPROCESSABLE_CONTENT);

    /** Maximum number of refused pictures that the report names. */
    private static final int MAX_NAMED = 20;

    private static final double NANOS_PER_SECOND = 1e9;

    private final ReverieClient service;
    private final ReplayPlan plan;
    private final Cancellation cancellation;
    private final InstantSource clock;
    private final ProgressView view;
    private final Eta eta;
    private final List<String> refusals = new ArrayList<>();
    private ReplayReport.Totals totals = ReplayReport.Totals.NONE;

    /**
     * Creates a replay.
     *
     * @param cancellation ends the replay after the current delivery, or at once during a pause
     * @param view shows the images that were sent, the answers of the service, and the time left
     */
    public Replay(
            ReverieClient service, ReplayPlan plan, Cancellation cancellation, InstantSource clock, ProgressView view) {
        this.service = service;
        this.plan = plan;
        this.cancellation = cancellation;
        this.clock = clock;
        this.view = view;
        this.eta = new Eta(plan.deliveries().size(), 0, Optional.empty());
    }

    /**
     * Streams the images until all are sent, the replay is cancelled, a delivery fails, or an image cannot be read; the
     * report says which. A refused or unreadable picture that is sent as it is ends nothing, unless the source is
     * strict.
     */
    public ReplayReport run() {
        Instant start = clock.instant();
        Ending ending = Ending.COMPLETED;
        Optional<Exception> failure = Optional.empty();
        try {
            stream();
        } catch (StoppedException _) {
            ending = Ending.INTERRUPTED;
        } catch (ReverieException | DatasetException e) {
            ending = Ending.FAILED;
            failure = Optional.of(e);
        }
        return new ReplayReport(ending, plan.places().size(), totals, secondsSince(start), refusals, failure);
    }

    private void stream() throws ReverieException {
        // without retries, which are only for a service that has answered before
        service.requireReachable();
        Instant due = clock.instant();
        Instant before = due;
        for (List<Integer> delivery : plan.deliveries()) {
            cancellation.pause(Duration.between(clock.instant(), due));
            switch (plan.source()) {
                case ReplaySource.Arrays arrays -> deliver(arrays, delivery);
                case ReplaySource.Pictures pictures -> deliver(pictures, delivery);
            }
            eta.loop(secondsSince(before));
            show(Eta.prefix(eta.left(Duration.ZERO))
                    + totals.sentOf(plan.places().size()));
            before = clock.instant();
            due = next(due, before, delivery.size());
        }
    }

    /** Returns when the next delivery is due at the configured rate; does not catch up after a delay. */
    private Instant next(Instant due, Instant now, int images) {
        return plan.rate()
                .map(rate -> due.plusNanos(Math.round(NANOS_PER_SECOND * images / rate)))
                .filter(next -> next.isAfter(now))
                .orElse(now);
    }

    private void deliver(ReplaySource.Arrays arrays, List<Integer> delivery) throws ReverieException {
        Samples samples = arrays.samples(delivery);
        totals = totals.plusSent(delivery.size());
        try {
            send(() -> service.deliver(samples), delivery.size());
        } catch (ReverieException.Refused e) {
            DeliveryReceipt stored = e.receipt().orElse(new DeliveryReceipt(0, 0));
            totals = totals.plus(stored).plusRefused(delivery.size() - stored.accepted() - stored.duplicates());
            throw e;
        }
    }

    private void deliver(ReplaySource.Pictures pictures, List<Integer> delivery) throws ReverieException {
        totals = totals.plusSent(delivery.size());
        List<Picture> readable = new ArrayList<>();
        for (int place : delivery) {
            PictureFile file = pictures.files().train().get(place);
            try {
                readable.add(new Picture(file.path(), file.content(), pictures.labelOf(place)));
            } catch (DatasetException e) {
                refuse(1, String.valueOf(e.getMessage()));
            }
        }
        if (!readable.isEmpty()) {
            deliver(readable);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Picture(Path path, byte[] content, String label) {}

    /** Sends pictures in one request, or in several if the service refuses it without judging each picture. */
    private void deliver(List<Picture> pictures) throws ReverieException {
        Picture first = pictures.getFirst();
        try {
            if (pictures.size() == 1) {
                send(() -> service.deliver(first.content, first.label), 1);
            } else {
                List<byte[]> contents = pictures.stream().map(Picture::content).toList();
                List<String> labels = pictures.stream().map(Picture::label).toList();
                send(() -> service.deliver(contents, labels), pictures.size());
            }
        } catch (ReverieException.Refused e) {
            if (!OF_A_PICTURE.contains(e.status()) || e.type().isEmpty()) {
                throw e;
            }
            if (pictures.size() == 1) {
                refuse(1, first.path + ": " + e.getMessage());
            } else if (e.receipt().isPresent()) {
                DeliveryReceipt stored = e.receipt().get();
                totals = totals.plus(stored);
                int refused = pictures.size() - stored.accepted() - stored.duplicates();
                refuse(refused, refused + " pictures: " + e.getMessage());
            } else {
                deliver(pictures.subList(0, pictures.size() / 2));
                deliver(pictures.subList(pictures.size() / 2, pictures.size()));
            }
        }
    }

    private void refuse(int pictures, String reason) {
        totals = totals.plusRefused(pictures);
        if (plan.source() instanceof ReplaySource.Pictures source && source.isStrict()) {
            throw new DatasetException(reason);
        }
        if (refusals.size() < MAX_NAMED) {
            refusals.add(SafeExcerpt.line(reason));
        }
    }

    private void send(Retries.Call<DeliveryReceipt> request, int images) throws ReverieException {
        DeliveryReceipt receipt = new Retries(PATIENCE, clock, counting(images)).of(request);
        totals = totals.plus(receipt);
    }

    private Retries.Pauses counting(int images) {
        return (length, failure) -> {
            show("waiting: " + SafeExcerpt.line(String.valueOf(failure.getMessage()))); // it could control the terminal
            cancellation.pause(length);
            totals = totals.plusRetried(images);
        };
    }

    private double secondsSince(Instant start) {
        return Duration.between(start, clock.instant()).toNanos() / NANOS_PER_SECOND;
    }

    private void show(String status) {
        view.show(
                (double) (totals.accepted() + totals.duplicates())
                        / plan.places().size(),
                status);
    }
}
