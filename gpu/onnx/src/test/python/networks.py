"""Exports the small networks of the tests, with PyTorch 1.13: python3 networks.py ../resources/dev/reverie/gpu/onnx"""

import pathlib
import sys

import numpy as np
import torch
from torch import nn

CLASSES = ["apple", "pear", "plum", "fig"]


class ResNet(nn.Module):
    """A residual block between two convolutions; gives features and logits."""

    def __init__(self, channels=3):
        super().__init__()
        self.stem = nn.Conv2d(channels, 8, 3, padding=1, bias=False)
        self.first, self.second = nn.BatchNorm2d(8), nn.BatchNorm2d(8)
        self.block = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.last = nn.Conv2d(8, 12, 3, stride=2, padding=1)
        self.classifier = nn.Linear(12, len(CLASSES))

    def forward(self, images):
        x = torch.relu(self.first(self.stem(images)))
        x = torch.relu(x + self.second(self.block(x)))
        features = torch.relu(self.last(x)).mean((2, 3))
        return features, self.classifier(features)


class Only(nn.Module):
    """One of the two outputs, or another view of the input."""

    def __init__(self, network, wanted):
        super().__init__()
        self.network, self.wanted = network, wanted

    def forward(self, images):
        return self.wanted(self.network, images)


def metadata(**entries):
    """The bytes of an ONNX model's metadata_props (field 14), which can follow those of the model."""

    def field(number, content):
        assert len(content) < 128
        return bytes([number << 3 | 2, len(content)]) + content

    return b"".join(field(14, field(1, k.encode()) + field(2, v.encode())) for k, v in entries.items())


def export(folder, name, network, example, outputs, dynamic=("n",), **about):
    axes = {0: "n"} if "n" in dynamic else {}
    if "size" in dynamic:
        axes = {**axes, 2: "h", 3: "w"}
    path = folder / f"{name}.onnx"
    network.eval()
    torch.onnx.export(
        network, example, path, opset_version=13, input_names=["images"], output_names=outputs,
        dynamic_axes={"images": axes, **{output: {0: "n"} for output in outputs}} if axes else None,
    )
    path.write_bytes(path.read_bytes() + metadata(**about))


def main(folder):
    torch.manual_seed(5)
    example = torch.rand(2, 3, 16, 16)
    network = ResNet().eval()
    for norm in (network.first, network.second):
        nn.init.uniform_(norm.running_mean, -0.2, 0.2)
        nn.init.uniform_(norm.running_var, 0.5, 1.5)
    imagenet = {"mean": "0.485,0.456,0.406", "std": "0.229,0.224,0.225"}
    export(folder, "both", network, example, ["features", "logits"], ("n", "size"),
           classes="pear, fig, apple, plum", **imagenet)
    export(folder, "fixed", Only(network, lambda n, x: n(x)[1]), example, ["output"], (), **imagenet)
    export(folder, "unnormalised", Only(network, lambda n, x: n(x)[0]), example, ["output"])
    export(folder, "maps", Only(network, lambda n, x: torch.relu(n.last(n.stem(x)))), example, ["output"], **imagenet)
    export(folder, "channels-last", Only(network, lambda n, x: n(x.permute(0, 3, 1, 2))[0]),
           example.permute(0, 2, 3, 1), ["output"], mean="0", std="1")
    export(folder, "several", Only(network, lambda n, x: (n.stem(x), n.last(n.stem(x)))), example, ["one", "two"],
           **imagenet)
    export(folder, "halves", Only(network, lambda n, x: x.mean(3).reshape(-1, 2, 4).sum(2)[:, [0, 1, 0]] * torch.tensor(
        [20.0, 20.0, 0.0])), torch.rand(2, 1, 8, 8), ["output"], mean="0", std="1", classes="upper,lower,neither")
    export(folder, "vectors", nn.Linear(4, 2), torch.rand(2, 4), ["output"], **imagenet)
    network.eval()
    with torch.no_grad():
        normalised = (example - torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)) / torch.tensor(
            [0.229, 0.224, 0.225]).view(3, 1, 1)
        features, logits = network(normalised)
        plain, _ = network(example)
        maps = torch.relu(network.last(network.stem(normalised))).mean((2, 3))
    np.savez(folder / "expected.npz", images=example.numpy(), features=features.numpy(), logits=logits.numpy(),
             plain=plain.numpy(), maps=maps.numpy())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
