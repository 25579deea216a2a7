package dev.reverie.deploy;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.ReverieCommandLine;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.serve.TemporaryService;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.profile.KernelClock;
import dev.reverie.gpu.tensor.Device;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Distils a dataset by every method in one process, because most of the time of a short run is spent on starting. The
 * arguments are the dataset and a folder, in which each run gets the folder with the name of its method.
 */
public final class EveryMethod {

    private EveryMethod() {}

    public static void main(String[] arguments) {
        VectorModule.load();
        DeviceEngines engines = new DeviceEngines(new KernelClock(System::nanoTime));
        CliContext context = new CliContext(
                Terminal.system(),
                System.getenv(),
                System.getProperties().stringPropertyNames(),
                engines,
                Device::kernels,
                InstantSource.system(),
                System::nanoTime,
                TemporaryService.on(engines, InstantSource.system(), System::nanoTime));
        for (Method method : Method.values()) {
            int status = ReverieCommandLine.create(context)
                    .execute(distil(arguments[0], method, Path.of(arguments[1])).toArray(String[]::new));
            if (status != 0) {
                System.err.println("failed: " + method.label());
                System.exit(status);
            }
        }
        System.exit(0);
    }

    private static List<String> distil(String dataset, Method method, Path folder) {
        return List.of(
                "distill",
                "--dataset",
                dataset,
                "--method",
                method.label(),
                "--ipc",
                "2",
                "--width",
                "4",
                "--inner-loops",
                "2",
                "--outer-iterations",
                "1",
                "--out",
                folder.resolve(method.label()).toString());
    }
}
