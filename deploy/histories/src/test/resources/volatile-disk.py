"""A disk for nbdkit that keeps written data in a volatile cache until it is flushed, as real disks do.

Parameters: size (bytes), image (file with the content at the start, which is never changed), control (path of the Unix
socket to create). It obeys one command, which it answers with a line:

    cut SEED FILE   Cuts the power: writes to FILE what a disk can hold after that, which is all that was flushed and a
                    random part of the later writes, some of them torn at a sector. From then on, writes fail.
"""

import io
import random
import socket
import threading

import nbdkit

API_VERSION = 2
SECTOR = 512
TORN = 0.1  # share of the later writes of which the disk has only the first sectors

parameters = {}
lock = threading.Lock()
unflushed = []  # pairs of an offset and data, in the order in which they were written
off = False


def config(key, value):
    parameters[key] = value


def after_fork():
    global flushed, written
    with io.open(parameters["image"], "rb") as image:
        flushed = bytearray(image.read())
    flushed.extend(bytes(int(parameters["size"]) - len(flushed)))
    written = bytearray(flushed)
    threading.Thread(target=listen, daemon=True).start()


def listen():
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(parameters["control"])
        server.listen()
        while True:
            connection, _ = server.accept()
            with connection, connection.makefile("rw") as lines:
                lines.write(execute(*lines.readline().split()) + "\n")


def execute(command, seed, file):
    global off
    with lock:
        off = True
        lost = cut(random.Random(int(seed)), file)
        return f"{lost} of {len(unflushed)} writes lost"


def cut(source, file):
    share = source.random()
    lost = 0
    with io.open(file, "wb") as image:
        image.write(flushed)
        for offset, data in unflushed:
            if source.random() >= share:
                lost += 1
                continue
            if source.random() < TORN:
                data = data[: SECTOR * source.randrange(len(data) // SECTOR)]
            image.seek(offset)
            image.write(data)
    return lost


def require_power():
    if off:
        nbdkit.set_error(5)  # EIO
        raise OSError("the disk has no power")


def open(readonly):
    return 1


def get_size(handle):
    return len(written)


def can_write(handle):
    return True


def can_flush(handle):
    return True


def can_fua(handle):
    return nbdkit.FUA_EMULATE


def can_zero(handle):
    return False


def can_trim(handle):
    return False


def pread(handle, buffer, offset, flags):
    with lock:
        buffer[:] = written[offset : offset + len(buffer)]


def pwrite(handle, buffer, offset, flags):
    data = bytes(buffer)
    with lock:
        require_power()
        written[offset : offset + len(data)] = data
        unflushed.append((offset, data))


def flush(handle, flags):
    with lock:
        require_power()
        for offset, data in unflushed:
            flushed[offset : offset + len(data)] = data
        unflushed.clear()
