package dev.reverie.actors.classes;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.serialization.FieldFormats;
import dev.reverie.actors.serialization.FormatProvider;
import dev.reverie.actors.serialization.Layouts;
import dev.reverie.actors.serialization.VersionedFormat;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.MatchTask;
import java.util.List;

/** Serialises the commands and replies of class actors. */
public final class ClassFormats implements FormatProvider {

    @Override
    public List<VersionedFormat<?>> formats(Layouts layouts) {
        // a seed has all of its bits
        Layouts seeded = layouts.with(long.class, Output::writeLong, Input::readLong);
        return List.of(
                seeded.format("find-candidates", ClassActor.FindCandidates.class),
                layouts.format("candidates", ClassActor.Candidates.class),
                layouts.format("use-representatives", ClassActor.SetRepresentatives.class),
                layouts.format("represented", ClassActor.RepresentativesSet.class),
                layouts.format("use-if-none", ClassActor.SetRepresentativesIfNone.class),
                layouts.format("initialise", ClassActor.Initialise.class),
                layouts.format("prepare-batch", ClassActor.PrepareBatch.class),
                batch(layouts),
                layouts.format("apply-gradient", ClassActor.ApplyGradient.class),
                layouts.format("skip", ClassActor.SkipVisit.class),
                layouts.format("turn-ended", ClassActor.VisitEnded.class),
                layouts.format("clamp", ClassActor.Clamp.class),
                layouts.format("read-images", ClassActor.ReadImages.class),
                seeded.format("sample-images", ClassActor.SampleImages.class),
                layouts.format("read-memory", ClassActor.ReadMemory.class),
                layouts.format("images", ClassActor.Images.class),
                layouts.format("take-snapshot", ClassActor.TakeSnapshot.class),
                layouts.format("class-snapshot", ClassSnapshot.class),
                layouts.format("read-average", ClassActor.ReadAverage.class),
                layouts.format("average", ClassActor.Average.class));
    }

    /** The format of a batch, whose task has the network of the visit. */
    private static VersionedFormat<ClassActor.Batch> batch(Layouts layouts) {
        return VersionedFormat.of(
                "batch",
                ClassActor.Batch.class,
                (output, batch) -> {
                    MatchTask task = batch.task();
                    layouts.write(output, ClassVisit.class, batch.visit());
                    output.writeVarInt(task.output(), true);
                    FieldFormats.writeList(output, task.real(), image -> FieldFormats.writeImage(output, image));
                    FieldFormats.writeBatch(output, task.synthetic());
                    output.writeLong(task.seed());
                },
                input -> {
                    ClassVisit visit = layouts.read(input, ClassVisit.class);
                    MatchTask task = new MatchTask(
                            visit.network(),
                            input.readVarInt(true),
                            FieldFormats.<Image>readList(input, () -> FieldFormats.readImage(input)),
                            FieldFormats.readBatch(input),
                            input.readLong());
                    return new ClassActor.Batch(visit, task);
                });
    }
}
