import { defineFixtures, image, lines } from './define.ts';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const box = (label: string, ...values: [number, number, number, number]): object => ({
  label,
  format: 'xywh-pixel',
  values,
});
const fraction = (label: string, ...values: [number, number, number, number]): object => ({
  label,
  format: 'cxcywh-relative',
  values,
});

export default defineFixtures({
  id: 'csv-manifest',
  good: {
    'other column names, BOM, Windows paths, semicolons': {
      files: {
        'labels.csv':
          '\uFEFFIndex;File Name;Class;Negative Prompt\r\n1;sub\\a.png;cat;"no;\r\nblur"\r\n\r\n2;./gone.png;;\r\n',
      },
      entries: [{ path: 'sub/a.png', label: 'cat', negativePrompt: 'no;\r\nblur' }, { path: 'gone.png' }],
      left: [{ kind: 'column', name: 'Index', count: 2, example: 'labels.csv' }],
    },
    'paths that lead out are listed for the decoder to refuse': {
      files: { 'x.csv': 'path,label\n../../etc/passwd,a\n/etc/passwd,b\n' },
      root: 'x.csv',
      entries: [
        { path: '../../etc/passwd', label: 'a' },
        { path: '/etc/passwd', label: 'b' },
      ],
    },
    'apostrophes of others stay': {
      files: { 'data.tsv': "image\tlabel\tprompt\na.png\t'=1\t\n" },
      entries: [{ path: 'a.png', label: "'=1" }],
    },
    'Windows-1252, as a spreadsheet writes it': {
      files: { 'a.csv': latin('path,label\na.png,caf\xe9\nb.png,\x80 5\n') },
      entries: [
        { path: 'a.png', label: 'café' },
        { path: 'b.png', label: '€ 5' },
      ],
      notes: [/a\.csv is not UTF-8, and is read as Windows-1252: line 2 says "café".*--encoding/],
    },
    'UTF-16 with a mark': {
      files: { 'a.csv': wide('\uFEFFpath\tlabel\r\na.png\t日本\r\n') },
      entries: [{ path: 'a.png', label: '日本' }],
    },
    'UTF-16 big-endian without a mark': {
      files: { 'a.csv': wide('path,label\na.png,ć\n').swap16() },
      entries: [{ path: 'a.png', label: 'ć' }],
    },
    'UTF-8 with one broken line': {
      files: {
        'a.csv': Buffer.concat([
          Buffer.from('path,label\na.png,é\nb.png,ü\n'),
          latin('c.png,\xe9\nd.png,x\n'),
        ]),
      },
      entries: [
        { path: 'a.png', label: 'é' },
        { path: 'b.png', label: 'ü' },
        { path: 'd.png', label: 'x' },
      ],
      skips: [/^a\.csv, line 4: not UTF-8 text\. Save the file as UTF-8\.$/],
    },
    'the separator that Excel states': {
      files: { 'a.csv': 'sep=;\r\npath;label\r\na.png;"x, y"\r\n' },
      entries: [{ path: 'a.png', label: 'x, y' }],
    },
    bars: { files: { 'a.csv': 'path|label\na.png|x\n' }, entries: [{ path: 'a.png', label: 'x' }] },
    'a list as of ImageNet': {
      files: { 'val.txt': 'a.JPEG 12\nsub/b.JPEG\t 3\n' },
      entries: [
        { path: 'a.JPEG', label: '12' },
        { path: 'sub/b.JPEG', label: '3' },
      ],
      notes: [/val\.txt has no header: its first column is read as the image, the other as the label/],
    },
    'two columns without header, the label first': {
      files: { 'a.csv': 'cat,my pic.png\ndog,b.png\n' },
      entries: [
        { path: 'my pic.png', label: 'cat' },
        { path: 'b.png', label: 'dog' },
      ],
      notes: [/its second column is read as the image/],
    },
    'blanks around cells and names; those in quotes stay': {
      files: { 'a.csv': ' path , label \n a.png , cat \nb.png, " dog"\n' },
      entries: [
        { path: 'a.png', label: 'cat' },
        { path: 'b.png', label: ' dog' },
      ],
    },
    'faulty rows are left out': {
      files: {
        'a.csv': lines(
          'path,label,prompt',
          'a.png,cat,"one',
          'two"',
          '"b.png,cat,x',
          'c.png,5" pipe,x',
          'd.png,cat',
          'e.png,cat,x,y',
          ',cat,x',
          'f.png,cat,"x, y"',
          'g.png,cat,,,',
          '',
          'h.png,"dog" x,',
          'i.png,dog,"never closed',
          'j.png,dog,x',
        ),
      },
      entries: [
        { path: 'a.png', label: 'cat', prompt: 'one\ntwo' },
        { path: 'f.png', label: 'cat', prompt: 'x, y' },
        { path: 'g.png', label: 'cat' },
        { path: 'j.png', label: 'dog', prompt: 'x' },
      ],
      skips: [
        /a\.csv, line 4: not valid CSV/,
        /line 5: not valid CSV/,
        /line 6: the row has 2 cells for 3 columns/,
        /line 7: the row has 4 cells for 3 columns/,
        /line 8: no image path/,
        /line 12: not valid CSV/,
        /line 13: not valid CSV: a quote is opened and not closed/,
      ],
    },
    'rows that are repeated, alike and not': {
      files: { 'a.csv': 'path,label\na.png,x\n./a.png,x\na.png,y\n' },
      entries: [{ path: 'a.png', label: 'x' }],
      skips: [/line 4: "a\.png" is already listed in line 2 with other facts/],
      notes: [/One row is repeated; it is read once/],
    },
    'columns that no field takes': {
      files: { 'a.csv': 'path,label,width,photographer,licence\na.png,x,8,Ann,\nb.png,y,8,Bo,MIT\n' },
      entries: [
        { path: 'a.png', label: 'x' },
        { path: 'b.png', label: 'y' },
      ],
      left: [
        { kind: 'column', name: 'photographer', count: 2, example: 'a.csv' },
        { kind: 'column', name: 'licence', count: 1 },
      ],
    },
    'images by address, absolute and Windows path, and without extension': {
      files: {
        'labels.csv': lines(
          'image,label',
          'https://example.org/x/a%20b.png?size=1,w',
          's3://bucket/c.png,s',
          'C:\\data\\images\\d.png,d',
          '/home/ann/set/images/e.png,e',
          'f,f',
          'https://example.org/gone.png,g',
          'images/g.png,h',
        ),
        ...Object.fromEntries(
          ['a b', 'c', 'd', 'e', 'f', 'g'].map((name) => [`images/${name}.png`, image(0)]),
        ),
      },
      entries: [
        { path: 'images/a b.png', label: 'w' },
        { path: 'images/c.png', label: 's' },
        { path: 'images/d.png', label: 'd' },
        { path: 'images/e.png', label: 'e' },
        { path: 'images/f.png', label: 'f' },
        { path: 'https://example.org/gone.png', label: 'g' },
        { path: 'images/g.png', label: 'h' },
      ],
      notes: [
        /labels\.csv names "https:\/\/example.org\/x\/a%20b\.png\?size=1"; the image is "images\/a b\.png".*and 4 more likewise/,
      ],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'a.csv': lines(
          'path,class,xmin,ymin,xmax,ymax',
          'a.png,cat,1,2,x,4',
          'b.png,dog,9,2,3,4',
          'c.png,,1,2,3,4',
          'd.png,,,,,',
          'e.png,cat,1,2,x,4',
          'e.png,cat,1,2,3,4',
        ),
      },
      entries: [
        { path: 'a.png' },
        { path: 'b.png' },
        { path: 'c.png' },
        { path: 'd.png', boxes: [] },
        { path: 'e.png', label: 'cat', boxes: [box('cat', 1, 2, 2, 2)] as never },
      ],
      left: [
        { kind: 'all-boxes', count: 3, example: 'a.png' },
        { kind: 'some-boxes', count: 1, example: 'e.png' },
      ],
      skips: [
        /line 2: `xmin`, `ymin`, `xmax`, `ymax` must be four numbers/,
        /line 4: the box has no class/,
        /line 6: `xmin`/,
        /line 3: the second corner of the box lies before the first/,
      ],
    },
    'a row of another width than its image has': {
      files: {
        'a.csv': lines('path,class,xmin,ymin,xmax,ymax,seed', 'a.png,cat,1,2,3,4,5', 'a.png,cat,1,2,4,5,6'),
      },
      entries: [{ path: 'a.png', label: 'cat', seed: '5', boxes: [box('cat', 1, 2, 2, 2)] as never }],
      left: [{ kind: 'some-boxes', count: 1, example: 'a.png' }],
      skips: [/line 3: "a\.png" has another seed than in line 2/],
    },
    'one box per row, as of the TF object detection API': {
      files: {
        'train_labels.csv': lines(
          'filename,width,height,class,xmin,ymin,xmax,ymax',
          'a.png,640,480,cat,10,20,110,70',
          'b.png,320,240,dog,1,2,3,4',
          'a.png,640,480,dog,0,0,640,480',
          'a.png,640,480,dog,0,0,640,480',
          'c.png,64,64,,,,,',
          'b.png,320,240,dog,9,2,3,4',
          'b.png,320,240,dog,9,2,x,4',
          'b.png,320,240,,9,2,10,4',
          'b.png,999,240,dog,9,2,10,4',
        ),
      },
      entries: [
        {
          path: 'a.png',
          stated: { width: 640, height: 480 },
          boxes: [box('cat', 10, 20, 100, 50), box('dog', 0, 0, 640, 480)] as never,
        },
        {
          path: 'b.png',
          label: 'dog',
          stated: { width: 320, height: 240 },
          boxes: [box('dog', 1, 2, 2, 2)] as never,
        },
        { path: 'c.png', stated: { width: 64, height: 64 }, boxes: [] },
      ],
      left: [{ kind: 'some-boxes', count: 1, example: 'b.png' }],
      skips: [
        /line 8: `xmin`, `ymin`, `xmax`, `ymax` must be four numbers/,
        /line 9: the box has no class/,
        /line 10: "b\.png" has another size than in line 3/,
        /line 7: the second corner of the box lies before the first/,
      ],
      notes: [/One row is repeated/],
    },
    'boxes by corner and size, names without extension': {
      files: { 'a.csv': 'image_id,x,y,w,h,class\n0001,1,2,3.5,4,cat\n', 'images/0001.jpg': 'x' },
      entries: [{ path: 'images/0001.jpg', label: 'cat', boxes: [box('cat', 1, 2, 3.5, 4)] as never }],
      notes: [/names "0001"; the image is "images\/0001\.jpg"/],
    },
    'fractions with decimal commas': {
      files: { 'a.csv': 'image_path;x1;y1;x2;y2;label\na.png;0,25;0,5;0,75;1,0;cat\n' },
      entries: [{ path: 'a.png', label: 'cat', boxes: [fraction('cat', 0.5, 0.75, 0.5, 0.5)] as never }],
      notes: [/`x1`, `y1`, `x2`, `y2` lie between 0 and 1, and are read as fractions/],
    },
    'a box as text that can only be corner and size': {
      files: {
        'a.csv': 'image_id,width,height,bbox,label\na.png,64,64,"[40.0, 4, 20, 30.5]",wheat\nb.png,64,64,,\n',
      },
      entries: [
        {
          path: 'a.png',
          label: 'wheat',
          stated: { width: 64, height: 64 },
          boxes: [box('wheat', 40, 4, 20, 30.5)] as never,
        },
        { path: 'b.png', stated: { width: 64, height: 64 }, boxes: [] },
      ],
      notes: [/`bbox` are read as the top left corner and the size: nothing else fits all of them/],
    },
    'centres as fractions, under names with a prefix': {
      files: {
        'a.csv':
          'image_name,label_name,bbox_x_center,bbox_y_center,bbox_width,bbox_height\na.png,cat,0.5,0.5,0.25,0.5\n',
      },
      entries: [{ path: 'a.png', label: 'cat', boxes: [fraction('cat', 0.5, 0.5, 0.25, 0.5)] as never }],
      notes: [/read as fractions/],
    },
    'a whole-image label where there is no box': {
      files: {
        'a.csv': 'image_id,class_name,x_min,y_min,x_max,y_max\na.png,No finding,,,,\nb.png,Mass,1,2,3,4\n',
      },
      entries: [
        { path: 'a.png', label: 'No finding', boxes: [] },
        { path: 'b.png', label: 'Mass', boxes: [box('Mass', 1, 2, 2, 2)] as never },
      ],
    },
    'masks as labels are no classes': {
      files: {
        'a.csv': 'image,label\nimg/a.png,mask/a.png\n',
        'img/a.png': image(0),
        'mask/a.png': image(1),
      },
      entries: [{ path: 'img/a.png' }],
      left: [{ kind: 'mask-file', count: 1, example: 'a.csv' }],
    },
    'what a release says of its files is not lost, who judged is': {
      files: {
        'a.csv': lines(
          'path,file_name,sha256,label,given_label,origin,reviewer,batch,text_guard',
          '"a.png","a.png","ff","x","y","relabelled","Ada","b","apostrophe"',
          '"b.png","b.png","fe","x","x","given",,"b","apostrophe"',
        ),
      },
      entries: [
        { path: 'a.png', label: 'x' },
        { path: 'b.png', label: 'x' },
      ],
      left: [
        { kind: 'column', name: 'given_label', count: 1 },
        { kind: 'column', name: 'reviewer', count: 1 },
      ],
    },
    'judgements of a release, and a split that the hold-out gave up': {
      files: {
        'a.csv': lines(
          'path,file_name,sha256,label,given_label,origin,reviewer,adjudicator,judgements,label_distribution,annotators,split,given_split',
          `a.png,a.png,ff,x,x,accepted,Ada,,"[{""reviewer"":""Ada""},{""reviewer"":""Bo""}]","[{""label"":""x""}]",2,test,train`,
          'b.png,b.png,fe,x,x,given,,,[],,0,train,train',
          'c.png,c.png,fd,x,x,given,,,[],,0,test,',
        ),
      },
      entries: [
        { path: 'a.png', label: 'x', split: 'test' },
        { path: 'b.png', label: 'x', split: 'train' },
        { path: 'c.png', label: 'x', split: 'test' },
      ],
      left: [
        { kind: 'judgement', count: 2 },
        { kind: 'column', name: 'given_split', count: 1 },
      ],
    },
  },
  bad: {
    'row too short': {
      files: { 'a.csv': 'path,label\na.png,cat\nb.png\n' },
      says: /a\.csv, line 3: the row has 1 cell for 2 columns/,
    },
    'open quote': {
      files: { 'a.csv': 'path,label\n"a.png,cat\n' },
      says: /a\.csv, line 2: not valid CSV: a quote is opened and not closed/,
    },
    'path twice': {
      files: { 'a.csv': 'path,label\na.png,x\n./a.png,y\n' },
      says: /a\.csv, line 3: "a\.png" is already listed in line 2/,
    },
    'no path': { files: { 'a.csv': 'path,label\n,cat\n' }, says: /line 2: no image path/ },
    'column twice': {
      files: { 'a.csv': 'path,label,label\na.png,x,y\n' },
      says: /line 1: the column "label" occurs twice/,
    },
    'boxes without header': {
      files: { 'a.csv': 'a.png,1,2,3,4,cat\n' },
      says: /line 1: the table has no header, .* such as `path,xmin,ymin,xmax,ymax,class`/,
    },
    'boxes without classes': {
      files: { 'a.csv': 'image_id,bbox\na.png,"[1, 2, 3, 4]"\n' },
      says: /a\.csv: there are boxes \(bbox\), but no column with their class/,
    },
    'a box that can be two things': {
      files: { 'a.csv': 'image_id,bbox,class\na.png,"[1, 2, 3, 4]",x\n' },
      says: /`bbox` can be read in several ways\. Rename it to bbox_xywh .*bbox_xyxy/,
    },
    'fractions that can be centre or corner': {
      files: { 'a.csv': 'image,x,y,w,h,class\na.png,0.5,0.5,0.1,0.1,x\n' },
      says: /can be read in several ways\. Rename x and y to xmin and ymin, or to x_center/,
    },
    'images that are only numbered': {
      files: { 'a.csv': '1 ,a.png\n2 ,b.png\n' },
      says: /line 1: the table has no header, and numbers its images instead of labelling them/,
    },
    'only zeros and ones': {
      files: { 'a.csv': 'image,x1,y1,x2,y2,class\na.png,0,0,1,1,x\n' },
      says: /0 or 1, so that they can be pixels or fractions/,
    },
  },
  unclear: {
    'two manifests': {
      files: { 'a.csv': 'path,label\na.png,x\n', 'b.csv': 'path\nb.png\n', 'a.png': image(0) },
      verdict: 'ambiguous',
      says: /several tables could be the labels\. .*a\.csv\n {2}a\.csv: Its columns are path, label\. It names 1 of 1 image\.\n {2}b\.csv: Its only column is path\. It names 0 of 1 image\.\n/,
      possible: ['flat-folder'],
    },
    'the file itself, without labels': {
      files: { 'HAM_metadata.csv': 'image_id,dx\na,nv\n', 'a.png': image(0) },
      root: 'HAM_metadata.csv',
      verdict: 'not-understood',
      says: /^No column of HAM_metadata\.csv is called label/,
      possible: ['csv-manifest'],
    },
  },
});
