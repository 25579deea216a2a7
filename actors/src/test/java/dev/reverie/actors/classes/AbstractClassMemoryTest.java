package dev.reverie.actors.classes;

import dev.reverie.actors.Samples;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import java.util.List;

/** Memories of classes that have images. */
abstract class AbstractClassMemoryTest {

    static final int CLASSES = 3;

    final DistillationSettings settings = Samples.settings(Method.DREAM);

    static ClassMemory initialised(int classIndex, DistillationSettings settings) {
        List<Image> images = Samples.images(7, classIndex);
        ClassMemory memory = new ClassMemory(classIndex, images, settings);
        memory.composeFrom(List.of(images.get(2), images.get(5)));
        memory.setRepresentatives(List.of(0, 1, 1), LoopPosition.START);
        return memory;
    }
}
