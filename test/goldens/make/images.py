"""CleanVision's scores of five painted pictures, and of sizes."""

import numpy as np
import pandas as pd
from cleanvision.issue_managers import image_property as properties
from PIL import Image

x, y = np.meshgrid(np.arange(8), np.arange(8))
same = np.ones_like(x)
PICTURES = {
    "grad": (32 * x % 256, 32 * y % 256, 4 * x * y % 256),
    "check": (255 * ((x + y) % 2),) * 3,
    "half": (255 * (x >= 4),) * 3,
    "dark": (3 * x, 3 * y, 10 * same),
    "flat": (100 * same, 150 * same, 200 * same),
}
# Property, name of the issue and the settings that CleanVision gives it by default.
SCORES = {
    "dark_score": (properties.BrightnessProperty("dark"), "dark", {}),
    "light_score": (properties.BrightnessProperty("light"), "light", {}),
    "lowinfo_score": (properties.EntropyProperty(), "low_information", {"normalizing_factor": 0.1}),
    "blur_score": (properties.BlurrinessProperty(), "blurry", {"normalizing_factor": 0.01, "color_threshold": 0.18}),
}


def picture_score(name: str, score: str) -> float:
    image = Image.fromarray(np.stack(PICTURES[name], axis=2).astype(np.uint8))
    measure, issue, settings = SCORES[score]
    return float(measure.get_scores(pd.DataFrame([measure.calculate(image)]), issue, **settings).iloc[0, 0])


def sizes(golden: dict) -> dict:
    measure = properties.SizeProperty()
    scores = measure.get_scores(pd.DataFrame({"size": golden["sizes"]}), "odd_size")
    flags = measure.mark_issue(scores, "odd_size").iloc[:, 0].astype(int)
    return {"score": scores.iloc[:, 0].to_numpy(), "flag": flags.to_numpy()}


def cleanvision(golden: dict) -> dict:
    return {
        "pictures": {name: {key: picture_score(name, key) for key in values} for name, values in golden["pictures"].items()},
        **{key: sizes(golden[key]) for key in ("oddSize", "oddSizeAlike")},
    }


MAKERS = {"cleanvision": cleanvision}
