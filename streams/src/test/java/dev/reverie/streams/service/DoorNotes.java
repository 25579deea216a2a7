package dev.reverie.streams.service;

import dev.reverie.actors.intake.Door;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Notes what it is told.
 *
 * @param reasons of refusals and of putting off
 * @param decoded the door, each time something was decoded there
 */
public record DoorNotes(List<String> reasons, List<Door> decoded) implements DoorListener {

    /** Nothing noted yet. */
    public DoorNotes() {
        this(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    @Override
    public void refused(Door door, String reason, int samples) {
        reasons.add(reason);
    }

    @Override
    public Work decoding(Door door) {
        return () -> decoded.add(door);
    }
}
