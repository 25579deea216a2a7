package dev.reverie.lab;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.cli.CommandProvider;
import dev.reverie.deploy.cli.Converters;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.lab.analyze.AnalyzeCommand;
import dev.reverie.lab.bench.BenchCommand;
import dev.reverie.lab.continual.ContinualCommand;
import dev.reverie.lab.continual.MemoryMethod;
import dev.reverie.lab.continual.Protocol;
import dev.reverie.lab.demo.DemoCommand;
import dev.reverie.lab.race.RaceCommand;
import dev.reverie.lab.run.TemporaryService;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;

public final class LabCommands implements CommandProvider {

    private final Function<CliContext, TemporaryService.Factory> services;

    /** Creates the provider for the application, whose experiments start services of their own in this process. */
    public LabCommands() {
        this(context -> TemporaryService.inThisProcess(context.engines(), context.clock(), context.nanos()));
    }

    private LabCommands(Function<CliContext, TemporaryService.Factory> services) {
        this.services = services;
    }

    /** Creates commands whose experiments start other services. */
    public static LabCommands with(TemporaryService.Factory services) {
        return new LabCommands(_ -> services);
    }

    @Override
    public List<CommandLine> commands(CliContext context) {
        TemporaryService.Factory factory = services.apply(context);
        return List.of(
                new CommandLine(new DemoCommand(context)),
                new CommandLine(new RaceCommand(context)),
                new CommandLine(new ContinualCommand(context, factory))
                        .registerConverter(MemoryMethod.class, Converters.named("method", MemoryMethod.class))
                        .registerConverter(Protocol.class, Converters.named("protocol", Protocol.class))
                        .registerConverter(PictureFormat.class, Converters.named("format", PictureFormat.class)),
                new CommandLine(new AnalyzeCommand(context)),
                BenchCommand.with(context, factory));
    }
}
