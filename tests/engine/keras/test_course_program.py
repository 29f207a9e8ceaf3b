"""The course's program for MNIST, with nothing changed but `keras` to `engine.keras` in its imports.

Here it trains for one epoch instead of five, unless COURSE_EPOCHS says otherwise; in five it reaches 0.978.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

EPOCHS = int(os.environ.get("COURSE_EPOCHS", "1"))

PROGRAM = """\
from keras.datasets import mnist
from keras import models
from keras import layers
from keras.utils import to_categorical

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()

train_images = train_images.reshape((60000, 28 * 28))
train_images = train_images.astype('float32') / 255
test_images = test_images.reshape((10000, 28 * 28))
test_images = test_images.astype('float32') / 255

train_labels = to_categorical(train_labels)
test_labels = to_categorical(test_labels)

network = models.Sequential()
network.add(layers.Dense(512, activation='relu', input_shape=(28 * 28,)))
network.add(layers.Dense(10, activation='softmax'))
network.summary()

network.compile(optimizer='rmsprop',
                loss='categorical_crossentropy',
                metrics=['accuracy'])

network.fit(train_images, train_labels, epochs=5, batch_size=128)

test_loss, test_acc = network.evaluate(test_images, test_labels)
print('test_acc:', test_acc)
"""


def test_the_courses_program_runs_with_only_its_imports_changed(tmp_path: Path) -> None:
    imports_changed = re.sub(r"^from keras", "from engine.keras", PROGRAM, flags=re.MULTILINE)
    (tmp_path / "program.py").write_text(imports_changed.replace("epochs=5", f"epochs={EPOCHS}"))

    ran = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=240,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
    )

    assert ran.returncode == 0, ran.stderr.decode()
    printed = ran.stdout.decode()
    assert re.search(r"dense \(Dense\) +\(None, 512\) 401920\n dense_1 \(Dense\) +\(None, 10\) 5130\n", printed)
    assert "Total params: 407,050 (1.55 MB)\n" in printed
    assert f"Epoch 1/{EPOCHS}\n469/469 ━━━━━━━━━━━━━━━━━━━━ " in printed
    assert re.search(r"\n469/469 ━+ \d+s \d+[mu]s/step - accuracy: 0\.9\d{3} - loss: 0\.\d{4}\n", printed)
    assert re.search(r"\n313/313 ━+ \d+s \d+[mu]s/step - accuracy: 0\.9\d{3} - loss: 0\.\d{4}\n", printed)
    assert "\r" not in printed and "\x1b" not in printed
    assert float(printed.rpartition("test_acc: ")[2]) >= (0.9774 if EPOCHS >= 5 else 0.95)
