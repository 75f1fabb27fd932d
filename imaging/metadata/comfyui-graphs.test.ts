import { describe, expect, it } from 'vitest';
import { textChunk } from '../testing/build.ts';
import { inExif, inPng, userComment } from '../testing/metadata.ts';

type Nodes = Record<string, [type: string, inputs: Record<string, unknown>]>;

/** What is read from a graph; links are written `['node', slot]`. */
function read(nodes: Nodes) {
  const graph = Object.entries(nodes).map(([id, [type, inputs]]) => [id, { class_type: type, inputs }]);
  return inPng([textChunk('prompt', JSON.stringify(Object.fromEntries(graph)))]);
}

/** A sampler with what it needs, and what the case is about besides. */
function withSampler(nodes: Nodes, inputs: Record<string, unknown> = {}): Nodes {
  return {
    model: ['CheckpointLoaderSimple', { ckpt_name: 'base.safetensors' }],
    positive: ['CLIPTextEncode', { text: 'a fox', clip: ['model', 1] }],
    negative: ['CLIPTextEncode', { text: 'dull', clip: ['model', 1] }],
    sampler: [
      'KSampler',
      {
        seed: 7,
        steps: 20,
        cfg: 6,
        sampler_name: 'euler',
        model: ['model', 0],
        positive: ['positive', 0],
        negative: ['negative', 0],
        ...inputs,
      },
    ],
    decode: ['VAEDecode', { samples: ['sampler', 0] }],
    save: ['SaveImage', { images: ['decode', 0] }],
    ...nodes,
  };
}

describe('models', () => {
  it('are all named where several were merged, through chains of adapters', () => {
    const merged = withSampler({
      a: ['CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }],
      b: ['UNETLoader', { unet_name: 'b.safetensors' }],
      c: ['CheckpointLoaderSimple', { ckpt_name: { content: 'c.safetensors', image: null } }],
      lora: ['LoraLoader', { model: ['a', 0], clip: ['a', 1], lora_name: 'style.safetensors' }],
      lora2: ['LoraLoaderModelOnly', { model: ['lora', 0], lora_name: 'light.safetensors' }],
      inner: ['ModelMergeSimple', { model1: ['lora2', 0], model2: ['b', 0], ratio: 0.5 }],
      model: ['ModelMergeBlocks', { model1: ['inner', 0], model2: ['c', 0], input: 1 }],
      positive: ['CLIPTextEncode', { text: 'a fox', clip: ['a', 1] }],
    });
    expect(read(merged)).toMatchObject({
      modelName: 'a.safetensors + b.safetensors + c.safetensors',
      loras: 'light, style',
    });
  });

  it('have adapters of loaders, stacks and panels, by the names of their files; what is off is none', () => {
    const adapted = withSampler({
      a: ['CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }],
      stack: ['LoRA Stacker', { lora_name_1: 'folder/one.safetensors', lora_name_2: 'None', lora_count: 2 }],
      applied: ['CR Apply LoRA Stack', { model: ['a', 0], lora_stack: ['stack', 0] }],
      off: ['LoraLoader', { model: ['applied', 0], lora_name: 'off.safetensors', strength_model: 0 }],
      model: [
        'Power Lora Loader (rgthree)',
        {
          model: ['off', 0],
          lora_1: { on: true, lora: 'two.safetensors', strength: 1 },
          lora_2: { on: false, lora: 'three.safetensors', strength: 1 },
        },
      ],
    });
    expect(read(adapted)).toMatchObject({ modelName: 'a.safetensors', loras: 'two, one' });
  });

  it('are named once where both sides come from one loader', () => {
    const same = withSampler({
      a: ['CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }],
      lora: ['LoraLoader', { model: ['a', 0], clip: ['a', 1], lora_name: 'x' }],
      model: ['ModelMergeSimple', { model1: ['a', 0], model2: ['lora', 0], ratio: 0.3 }],
    });
    expect(read(same)).toMatchObject({ modelName: 'a.safetensors' });
  });

  it('are the chosen one of a switch, and its name may come from a primitive', () => {
    const chosen = (on: boolean) =>
      read(
        withSampler({
          a: ['CheckpointLoaderSimple', { ckpt_name: ['name', 0] }],
          name: ['PrimitiveString', { value: 'a.safetensors' }],
          b: ['CheckpointLoaderSimple', { ckpt_name: 'b.safetensors' }],
          on: ['PrimitiveBoolean', { value: on }],
          model: ['ComfySwitchNode', { switch: ['on', 0], on_true: ['a', 0], on_false: ['b', 0] }],
        }),
      )?.modelName;
    expect(chosen(true)).toBe('a.safetensors');
    expect(chosen(false)).toBe('b.safetensors');
  });
});

describe('prompts', () => {
  const promptOf = (nodes: Nodes) => read(withSampler(nodes))?.prompt;

  it('are joined as the text nodes join them', () => {
    expect(
      promptOf({
        positive: ['CLIPTextEncode', { text: ['join', 0] }],
        join: ['StringConcatenate', { string_a: ['subject', 0], string_b: ['style', 0], delimiter: ', ' }],
        subject: ['PrimitiveStringMultiline', { value: 'a fox' }],
        style: ['Text Multiline', { text: 'oil paint' }],
      }),
    ).toBe('a fox, oil paint');
    expect(
      promptOf({
        positive: ['CLIPTextEncode', { text: ['join', 0] }],
        join: [
          'Text Concatenate',
          { delimiter: String.raw`\n`, text_a: ['a', 0], text_b: 'by the sea', text_c: '', text_d: ['d', 0] },
        ],
        a: ['CR Prompt Text', { prompt: 'a boat' }],
        d: ['StringReplace', { string: ['e', 0], find: 'day', replace: 'night' }],
        e: ['DF_Text_Box', { Text: 'on a day' }],
      }),
    ).toBe('a boat\nby the sea\non a night');
  });

  it('pass reroutes, previews and switches by number, by yes or no, and by what is connected', () => {
    const text = (type: string, inputs: Record<string, unknown>) =>
      promptOf({
        positive: ['CLIPTextEncode', { text: ['relay', 0] }],
        relay: ['Reroute', { '': ['shown', 0] }],
        shown: ['PreviewAny', { source: ['switch', 0] }],
        switch: [type, inputs],
        a: ['PrimitiveString', { value: 'first' }],
        b: ['PrimitiveString', { value: 'second' }],
        two: ['PrimitiveInt', { value: 2 }],
      });
    const numbered = { input1: ['a', 0], input2: ['b', 0] };
    expect(text('ImpactSwitch', { select: 1, ...numbered })).toBe('first');
    expect(text('ImpactSwitch', { select: ['two', 0], ...numbered })).toBe('second');
    expect(text('CR Text Input Switch', { Input: 2, text1: ['a', 0], text2: ['b', 0] })).toBe('second');
    expect(text('ImpactConditionalBranch', { cond: false, tt_value: ['a', 0], ff_value: ['b', 0] })).toBe(
      'second',
    );
    expect(text('LazySwitchKJ', { switch: true, on_false: ['a', 0], on_true: ['b', 0] })).toBe('second');
    expect(text('Any Switch (rgthree)', { any_02: ['b', 0] })).toBe('second');
    // What chose cannot be told: nothing is claimed.
    expect(text('ImpactSwitch', { select: ['nowhere', 0], ...numbered })).toBeNull();
  });

  it('are not claimed where they were made at run time', () => {
    expect(
      promptOf({
        positive: ['CLIPTextEncode', { text: ['join', 0] }],
        join: ['StringConcatenate', { string_a: ['made', 0], string_b: 'sharp', delimiter: ', ' }],
        made: ['TextGenerate', { prompt: 'You are an expert. Describe a fox.' }],
      }),
    ).toBeNull();
  });

  it('are those of all encoders that were combined, averaged or concatenated', () => {
    const combined = (type: string, inputs: Record<string, unknown>) =>
      promptOf({
        positive: [type, inputs],
        a: ['CLIPTextEncode', { text: 'a fox' }],
        b: ['CLIPTextEncode', { text: 'at dusk' }],
      });
    expect(combined('ConditioningCombine', { conditioning_1: ['a', 0], conditioning_2: ['b', 0] })).toBe(
      'a fox\nat dusk',
    );
    expect(combined('ConditioningConcat', { conditioning_to: ['b', 0], conditioning_from: ['a', 0] })).toBe(
      'at dusk\na fox',
    );
    const both = { conditioning_to: ['a', 0], conditioning_from: ['b', 0] };
    expect(combined('ConditioningAverage', { conditioning_to_strength: 0.5, ...both })).toBe(
      'a fox\nat dusk',
    );
    expect(combined('ConditioningAverage', { conditioning_to_strength: 1, ...both })).toBe('a fox');
  });

  it('include what is added to them on the way', () => {
    expect(
      promptOf({
        positive: ['GLIGENTextBoxApply', { text: 'a sun', conditioning_to: ['base', 0] }],
        base: ['CLIPTextEncode', { text: 'a fox in snow' }],
      }),
    ).toBe('a fox in snow\na sun');
  });

  it('stay apart by role in nodes that carry both', () => {
    const styled = withSampler({
      positive: ['CLIPTextEncode', { text: ['styler', 0] }],
      negative: ['CLIPTextEncode', { text: ['styler', 1] }],
      styler: ['SDXLPromptStyler', { text_positive: 'a fox', text_negative: 'dull', style: 'none' }],
    });
    expect(read(styled)).toMatchObject({ prompt: 'a fox', negativePrompt: 'dull' });
    const efficient: Nodes = {
      loader: ['Efficient Loader', { ckpt_name: 'e.safetensors', positive: 'a fox', negative: 'dull' }],
      sampler: [
        'KSampler (Efficient)',
        {
          seed: ['seed', 3],
          steps: 12,
          cfg: ['cfg', 0],
          sampler_name: 'uni_pc',
          model: ['loader', 0],
          positive: ['loader', 1],
          negative: ['loader', 2],
        },
      ],
      seed: ['Seed (rgthree)', { seed: 9 }],
      cfg: ['PrimitiveFloat', { value: 4.5 }],
      save: ['Save Image w/Metadata', { images: ['sampler', 5] }],
    };
    expect(read(efficient)).toMatchObject({
      prompt: 'a fox',
      negativePrompt: 'dull',
      seed: '9',
      steps: 12,
      cfg: 4.5,
      sampler: 'uni_pc',
      modelName: 'e.safetensors',
    });
  });

  it('are read through pipes that hand on everything at once', () => {
    const piped: Nodes = {
      loader: ['easy fullLoader', { ckpt_name: 'p.safetensors', positive: 'a hare', negative: 'blurry' }],
      before: [
        'easy preSampling',
        { pipe: ['loader', 0], steps: 15, cfg: 5, sampler_name: 'ddim', seed: 11 },
      ],
      sampler: ['easy kSampler', { pipe: ['before', 0], image_output: 'Save' }],
    };
    expect(read(piped)).toMatchObject({
      prompt: 'a hare',
      negativePrompt: 'blurry',
      seed: '11',
      steps: 15,
      cfg: 5,
      sampler: 'ddim',
      modelName: 'p.safetensors',
    });
  });
});

describe('samplers of several nodes', () => {
  const flux = (conditioning: Nodes): Nodes => ({
    unet: ['UNETLoader', { unet_name: 'flux-dev.safetensors' }],
    clip: ['DualCLIPLoader', { clip_name1: 't5xxl', clip_name2: 'clip_l' }],
    shifted: ['ModelSamplingFlux', { model: ['unet', 0], max_shift: 1.15, base_shift: 0.5 }],
    encode: ['CLIPTextEncode', { text: 'a heron', clip: ['clip', 0] }],
    guider: ['BasicGuider', { model: ['shifted', 0], conditioning: ['guidance', 0] }],
    noise: ['RandomNoise', { noise_seed: 5 }],
    select: ['KSamplerSelect', { sampler_name: 'euler' }],
    sigmas: ['SplitSigmas', { sigmas: ['scheduler', 0], step: 2 }],
    scheduler: ['BasicScheduler', { scheduler: 'simple', steps: 24, model: ['shifted', 0] }],
    sampler: [
      'SamplerCustomAdvanced',
      { noise: ['noise', 0], guider: ['guider', 0], sampler: ['select', 0], sigmas: ['sigmas', 0] },
    ],
    save: ['SaveImage', { images: ['sampler', 0] }],
    ...conditioning,
  });

  it("takes Flux's distilled guidance for the guidance", () => {
    const facts = {
      prompt: 'a heron',
      negativePrompt: null,
      seed: '5',
      sampler: 'euler',
      steps: 24,
      cfg: 3.5,
      modelName: 'flux-dev.safetensors',
    };
    expect(
      read(flux({ guidance: ['FluxGuidance', { conditioning: ['encode', 0], guidance: 3.5 }] })),
    ).toMatchObject(facts);
    expect(
      read(
        flux({
          guidance: ['FluxGuidance', { conditioning: ['encode', 0], guidance: ['value', 0] }],
          value: ['PrimitiveFloat', { value: 3.5 }],
        }),
      ),
    ).toMatchObject(facts);
    expect(
      read(
        flux({ guidance: ['CLIPTextEncodeFlux', { clip_l: 'a heron', t5xxl: 'a heron', guidance: 3.5 }] }),
      ),
    ).toMatchObject(facts);
  });

  it('takes it in place of a scale of 1, and not of a real one', () => {
    const guided = (cfg: number) =>
      read(
        withSampler(
          {
            positive: ['FluxGuidance', { conditioning: ['encode', 0], guidance: 2.5 }],
            encode: ['CLIPTextEncode', { text: 'a fox' }],
          },
          { cfg },
        ),
      )?.cfg;
    expect(guided(1)).toBe(2.5);
    expect(guided(3)).toBe(3);
  });

  it('reads guiders with two scales, and samplers that their node names', () => {
    const edit = flux({
      guidance: ['CLIPTextEncode', { text: 'unused' }],
      guider: [
        'DualCFGGuider',
        {
          model: ['unet', 0],
          cond1: ['both', 0],
          cond2: ['both', 1],
          negative: ['encode', 0],
          cfg_conds: 4,
          cfg_cond2_negative: 1.5,
        },
      ],
      both: ['InstructPixToPixConditioning', { positive: ['encode', 0], negative: ['blurry', 0] }],
      blurry: ['CLIPTextEncode', { text: 'blurry' }],
      select: ['SamplerEulerAncestral', { eta: 1 }],
    });
    expect(read(edit)).toMatchObject({
      prompt: 'a heron',
      negativePrompt: 'blurry',
      cfg: 4,
      sampler: 'SamplerEulerAncestral',
    });
  });

  it('names the models of a base and its refiner, the seed being that of the base', () => {
    const refined = withSampler({
      refiner: ['CheckpointLoaderSimple', { ckpt_name: 'refiner.safetensors' }],
      last: [
        'KSamplerAdvanced',
        {
          add_noise: 'disable',
          noise_seed: 0,
          steps: 25,
          cfg: 8,
          sampler_name: 'euler',
          model: ['refiner', 0],
          positive: ['positive', 0],
          negative: ['negative', 0],
          latent_image: ['sampler', 0],
        },
      ],
      decode: ['VAEDecode', { samples: ['last', 0] }],
    });
    expect(read(refined)).toMatchObject({
      modelName: 'base.safetensors + refiner.safetensors',
      seed: '7',
      steps: 25,
    });
  });

  it('reads SamplerCustom, and the picture that was saved before those that were only shown', () => {
    const custom = withSampler({
      preview: ['PreviewImage', { images: ['decode', 0] }],
      again: [
        'SamplerCustom',
        {
          add_noise: true,
          noise_seed: 8,
          cfg: 2,
          model: ['model', 0],
          positive: ['positive', 0],
          negative: ['negative', 0],
          sampler: ['select', 0],
          sigmas: ['scheduler', 0],
          latent_image: ['sampler', 0],
        },
      ],
      select: ['KSamplerSelect', { sampler_name: 'lcm' }],
      scheduler: ['BasicScheduler', { scheduler: 'normal', steps: 10, model: ['model', 0] }],
      save: ['SaveImage', { images: ['second', 0] }],
      second: ['VAEDecode', { samples: ['again', 0] }],
    });
    expect(read(custom)).toMatchObject({ seed: '8', steps: 10, cfg: 2, sampler: 'lcm', prompt: 'a fox' });
  });
});

describe('graphs in other places', () => {
  const graph = Object.fromEntries(
    Object.entries(withSampler({})).map(([id, [type, inputs]]) => [id, { class_type: type, inputs }]),
  );
  const facts = { prompt: 'a fox', negativePrompt: 'dull', seed: '7', modelName: 'base.safetensors' };

  it('are read from the user comment, bare and beside the editor file', () => {
    for (const text of [
      JSON.stringify(graph),
      JSON.stringify({ prompt: graph, workflow: { nodes: [], links: [] } }),
    ])
      for (const found of inExif({ 0x9286: userComment('UNICODE', Buffer.from(text, 'utf16le')) }))
        expect(found).toMatchObject({ tool: 'comfyui', ...facts, raw: text });
  });

  it('are filled from what services state beside them', () => {
    const civitai = {
      ...graph,
      extraMetadata: JSON.stringify({ prompt: 'a fox, typed', baseModel: 'SDXL', steps: 9, seed: 3 }),
    };
    for (const found of inExif({ 0x9286: userComment('ASCII', Buffer.from(JSON.stringify(civitai))) }))
      expect(found).toMatchObject({ tool: 'civitai', ...facts, prompt: 'a fox, typed', steps: 20 });
    const enlarged = {
      '1': { class_type: 'LoadImage', inputs: { image: 'x' } },
      extraMetadata:
        '{"prompt": "a fox", "negativePrompt": "dull", "cfgScale": 5, "sampler": "Euler a", "seed": 3}',
    };
    expect(inPng([textChunk('prompt', JSON.stringify(enlarged))])).toMatchObject({
      tool: 'civitai',
      prompt: 'a fox',
      negativePrompt: 'dull',
      cfg: 5,
      sampler: 'Euler a',
      seed: '3',
      modelName: null,
    });
    const tensor = JSON.stringify({
      prompt: 'a fox #1',
      negativePrompt: 'dull',
      seed: '-1',
      baseModel: { modelFileName: 'Shown Name', hash: 'ABCD' },
    });
    expect(
      inPng([textChunk('generation_data', `${tensor}\0`), textChunk('prompt', JSON.stringify(graph))]),
    ).toMatchObject({
      tool: 'tensorart',
      prompt: 'a fox #1',
      seed: '7',
      modelName: 'Shown Name',
      modelHash: 'ABCD',
    });
    const matrix = JSON.stringify({
      PositivePrompt: 'a fox #1',
      ModelName: 'm',
      ModelHash: 'AB',
      CfgScale: 2,
    });
    expect(
      inPng([textChunk('prompt', JSON.stringify(graph)), textChunk('parameters-json', matrix)]),
    ).toMatchObject({
      tool: 'stability-matrix',
      prompt: 'a fox #1',
      modelName: 'm',
      modelHash: 'AB',
      cfg: 6,
    });
  });
});

describe('the editor file alone', () => {
  /** `[id, type, values, inputs as name and origin, mode]`. */
  type EditorNode = [id: number, type: string, values: unknown[], inputs?: [string, number][], mode?: number];

  function readEditor(nodes: EditorNode[]) {
    const links: unknown[] = [];
    const written = nodes.map(([id, type, values, inputs = [], mode = 0]) => ({
      id,
      type,
      mode,
      widgets_values: values,
      inputs: inputs.map(([name, origin]) => {
        links.push([links.length + 1, origin, 0, id, 0, '*']);
        return { name, link: links.length };
      }),
    }));
    return inPng([textChunk('workflow', JSON.stringify({ nodes: written, links }))]);
  }

  it('is read through reroutes, primitives and text nodes', () => {
    expect(
      readEditor([
        [1, 'CheckpointLoaderSimple', ['base.ckpt']],
        [2, 'Reroute', [], [['', 1]]],
        [3, 'PrimitiveNode', [42, 'fixed']],
        [4, 'PrimitiveString', ['a fox']],
        [5, 'StringConcatenate', ['', 'at dusk', ', '], [['string_a', 4]]],
        [6, 'CLIPTextEncode', [''], [['text', 5]]],
        [7, 'FluxGuidance', [3.5], [['conditioning', 6]]],
        [8, 'CLIPTextEncode', ['dull']],
        [
          9,
          'KSampler',
          [0, 'fixed', 20, 1, 'euler', 'normal', 1],
          [
            ['model', 2],
            ['positive', 7],
            ['negative', 8],
            ['seed', 3],
          ],
        ],
      ]),
    ).toMatchObject({
      tool: 'comfyui',
      prompt: 'a fox, at dusk',
      negativePrompt: 'dull',
      seed: '42',
      cfg: 3.5,
      modelName: 'base.ckpt',
    });
  });

  it('takes nothing from nodes that did not run', () => {
    const [MUTED, BYPASSED] = [2, 4];
    expect(
      readEditor([
        [1, 'CLIPTextEncode', ['a fox']],
        [2, 'FluxGuidance', [3.5], [['conditioning', 1]], BYPASSED],
        [3, 'CLIPTextEncode', ['dull'], [], MUTED],
        [
          4,
          'KSampler',
          [7, 'fixed', 20, 1, 'euler'],
          [
            ['positive', 2],
            ['negative', 3],
          ],
        ],
      ]),
    ).toMatchObject({ prompt: 'a fox', negativePrompt: null, cfg: 1, seed: '7' });
  });
});

describe('graphs made to be slow', () => {
  it('end, and yield no text larger than any prompt', () => {
    const nodes: Nodes = { '0': ['PrimitiveString', { value: 'x'.repeat(5000) }] };
    for (let i = 1; i <= 40; i++)
      nodes[i] = ['StringConcatenate', { string_a: [String(i - 1), 0], string_b: [String(i - 1), 0] }];
    const found = read(withSampler({ ...nodes, positive: ['CLIPTextEncode', { text: ['40', 0] }] }));
    expect(found).toMatchObject({ tool: 'comfyui', prompt: null });
    const replaced = withSampler({
      positive: ['CLIPTextEncode', { text: ['replace', 0] }],
      replace: ['StringReplace', { string: 'a'.repeat(200_000), find: 'a', replace: 'b'.repeat(200_000) }],
    });
    expect(read(replaced)).toMatchObject({ prompt: null });
    const chain: Nodes = { '0': ['PrimitiveString', { value: 'end' }] };
    for (let i = 1; i <= 1500; i++) chain[i] = ['StringTrim', { string: [String(i - 1), 0], mode: 'Both' }];
    expect(
      read(withSampler({ ...chain, positive: ['CLIPTextEncode', { text: ['1500', 0] }] })),
    ).toMatchObject({
      prompt: 'end',
    });
    const loop = withSampler({
      positive: ['CLIPTextEncode', { text: ['a', 0] }],
      a: ['StringConcatenate', { string_a: ['b', 0], string_b: 'x' }],
      b: ['ComfySwitchNode', { switch: ['b', 0], on_true: ['a', 0], on_false: ['b', 0] }],
      model: ['ModelMergeSimple', { model1: ['model', 0], model2: ['model', 0] }],
    });
    expect(read(loop)).toMatchObject({ tool: 'comfyui', prompt: null, modelName: null });
  });
});
